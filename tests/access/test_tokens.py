"""Signed tokens: what is in them, how long they last, and which kind opens what."""

import time

import jwt
import pytest
from hypothesis import given, strategies

from hub.access import tokens
from hub.access.callers import Visitor
from hub.errors import Unauthorized

SECRET = "a secret of more than thirty-two characters"


def test_a_token_tells_its_kind_its_end_and_what_was_put_in() -> None:
    claims = tokens.read(SECRET, "access", tokens.issue(SECRET, "access", 60, user_id="u-1"))
    assert (claims["typ"], claims["user_id"]) == ("access", "u-1")
    assert 58 <= claims["exp"] - time.time() <= 60
    assert len(claims["jti"]) == 16


def test_no_two_tokens_have_the_same_number() -> None:
    result = {tokens.read(SECRET, "access", tokens.issue(SECRET, "access", 60))["jti"] for _ in range(100)}
    assert len(result) == 100


@pytest.mark.parametrize("kind", ["access", "refresh", "visitor"])
def test_a_token_is_good_for_its_own_kind_only(kind: str) -> None:
    result = tokens.issue(SECRET, kind, 60)
    for other in {"access", "refresh", "visitor"} - {kind}:
        with pytest.raises(Unauthorized) as caught:
            tokens.read(SECRET, other, result)
        assert caught.value.code == "token_invalid"


@pytest.mark.parametrize("kind", ["access", "refresh", "visitor"])
@pytest.mark.parametrize("moment", ["iat", "nbf"])
@pytest.mark.parametrize("ahead_s", [1, 5, 59])
def test_a_clock_that_is_ahead_elsewhere_makes_no_token_bad(kind: str, moment: str, ahead_s: int) -> None:
    claims = {**tokens.read(SECRET, kind, tokens.issue(SECRET, kind, 600)), moment: int(time.time()) + ahead_s}
    assert tokens.read(SECRET, kind, jwt.encode(claims, SECRET))[moment] == claims[moment]


def test_an_old_token_says_that_it_is_old() -> None:
    with pytest.raises(Unauthorized) as caught:
        tokens.read(SECRET, "access", tokens.issue(SECRET, "access", -1))
    assert caught.value.code == "TOKEN_EXPIRED"


def test_an_old_token_of_somebody_else_says_nothing() -> None:
    with pytest.raises(Unauthorized) as caught:
        tokens.read(SECRET, "access", tokens.issue(SECRET + "x", "access", -1))
    assert caught.value.code == "token_invalid"


@given(strategies.text(max_size=60))
def test_nonsense_is_refused_and_never_breaks(text: str) -> None:
    with pytest.raises(Unauthorized):
        tokens.read(SECRET, "access", text)


@pytest.mark.parametrize("algorithm", ["none", "HS384"])
def test_only_our_own_way_of_signing_is_read(algorithm: str) -> None:
    whole = {"typ": "access", "exp": int(time.time()) + 60, "jti": "x"}
    result = jwt.encode(whole, "" if algorithm == "none" else SECRET * 2, algorithm=algorithm)
    for secret in (SECRET, SECRET * 2):
        with pytest.raises(Unauthorized):
            tokens.read(secret, "access", result)


@given(strategies.text(min_size=1, max_size=40), strategies.integers(1, 2**31), strategies.integers(1, 2**31))
def test_a_visitor_comes_back_as_he_was(key: str, channel: int, tenant: int) -> None:
    try:
        key.encode()
    except UnicodeEncodeError:
        return
    visitor = Visitor(f"v-{key}", channel, tenant)
    assert tokens.read_visitor(SECRET, tokens.issue_visitor(SECRET, visitor)) == visitor


def test_who_is_vouched_for_is_known_per_site_and_who_is_not_by_a_random_key() -> None:
    assert Visitor("v-abc", 3, 1).identity == ("visitor", "v-abc")
    assert Visitor("i-7", 3, 1).identity == ("site_user", "3:7")
    assert Visitor("i-v-abc", 3, 1).identity == ("site_user", "3:v-abc")
