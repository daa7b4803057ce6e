"""Stored secrets: opened by their own keys in their own place, and by nothing else."""

import base64

import pytest
from hypothesis import given, strategies

from hub.lib import keyring
from hub.lib.keyring import Keyring, Unreadable

ONE, TWO = b"1" * 32, b"2" * 32


@given(strategies.text(strategies.characters(exclude_categories=["Cs"]), max_size=200))
def test_what_was_sealed_is_opened(secret: str) -> None:
    ring = Keyring(ONE)
    sealed = ring.seal(secret, "channel.secret")
    assert ring.unseal(sealed, "channel.secret") == secret and keyring.is_sealed(sealed)
    assert len(secret) < 4 or secret not in sealed


def test_the_same_secret_looks_different_each_time() -> None:
    ring = Keyring(ONE)
    assert ring.seal("a", "x.y") != ring.seal("a", "x.y")


def test_old_keys_read_and_the_current_one_writes() -> None:
    sealed = Keyring(ONE).seal("a", "x.y")
    ring = Keyring(TWO, (ONE,))
    assert ring.unseal(sealed, "x.y") == "a"
    assert keyring.sealed_with(ring.seal("a", "x.y")) == keyring.key_id(TWO) != keyring.sealed_with(sealed)


def test_another_key_another_place_and_a_changed_text_open_nothing() -> None:
    ring = Keyring(ONE)
    sealed = ring.seal("a secret", "x.y")
    head, encoded = sealed.rsplit(":", 1)
    raw = bytearray(base64.urlsafe_b64decode(encoded))
    raw[-1] ^= 1
    for other, text, place in ((Keyring(TWO), sealed, "x.y"), (ring, sealed, "x.z"),
                               (ring, f"{head}:{base64.urlsafe_b64encode(raw).decode()}", "x.y"),
                               (ring, f"{head}:", "x.y"), (ring, f"{head}:%%%", "x.y"), (ring, sealed[:-8], "x.y")):
        with pytest.raises(Unreadable) as caught:
            other.unseal(text, place)
        assert "a secret" not in str(caught.value)


def test_a_keyring_never_prints_its_keys() -> None:
    assert "1111" not in repr(Keyring(ONE, (TWO,))) and "2222" not in repr(Keyring(ONE, (TWO,)))


@pytest.mark.parametrize("text", ["", "x", *(base64.b64encode(b"1" * size).decode() for size in (31, 33)), "я"])
def test_a_key_is_32_bytes(text: str) -> None:
    with pytest.raises(ValueError):
        keyring.parse(text)


def test_a_key_is_read_in_either_alphabet() -> None:
    key = bytes(range(224, 256))
    assert keyring.parse(base64.b64encode(key).decode()) == keyring.parse(base64.urlsafe_b64encode(key).decode()) == key
