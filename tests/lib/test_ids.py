"""Identifiers: in the order of time, impossible to guess, and never stored as they are."""

import time

import pytest

from hub.lib import crypto, ids


def test_uuids_are_version_seven_and_in_the_order_of_time() -> None:
    result = []
    for _ in range(5):
        result.append(ids.uuid7())
        time.sleep(0.002)
    assert result == sorted(result)
    assert {(uuid.version, uuid.variant) for uuid in result} == {(7, "specified in RFC 4122")}
    assert abs((result[-1].int >> 80) / 1000 - time.time()) < 1


def test_uuids_of_the_same_moment_differ() -> None:
    assert len({ids.uuid7() for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize("text", ["", "nonsense", None, 7, "\x00", "x" * 1000, "01a1fc54", b"\x00" * 16, "\U0001f382"])
def test_nonsense_is_no_uuid(text: object) -> None:
    assert ids.parse(text) is None


def test_a_uuid_is_read_however_it_is_written() -> None:
    result = ids.uuid7()
    assert ids.parse(str(result)) == ids.parse(result.hex) == ids.parse(str(result).upper()) == result
    assert ids.parse(result) == result


def test_tokens_have_as_many_random_bytes_as_asked_for() -> None:
    assert len({ids.token() for _ in range(1000)}) == 1000
    assert len(ids.token(32)) == 43
    assert ids.token().replace("-", "").replace("_", "").isalnum()


def test_a_digest_tells_nothing_of_its_secret() -> None:
    assert ids.digest("secret") != "secret"
    assert ids.digest("secret") == ids.digest_bytes(b"secret") and len(ids.digest("secret")) == 64


def test_signatures_are_hmac_sha256_in_hex() -> None:
    # RFC 4231, test case 2
    assert crypto.sign("Jefe", "what do ya want for nothing?") == \
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert crypto.sign("Jefe", b"x") != crypto.sign("jefe", b"x")


@pytest.mark.parametrize(("left", "right", "same"), [
    ("a", "a", True), ("a", "b", False), ("", "", True), ("a", "", False), ("я", "я", True), ("\ud800", "?", True),
    ("\u00e9", "e", False)])
def test_comparison_takes_any_text(left: str, right: str, same: bool) -> None:
    assert crypto.same(left, right) is same
