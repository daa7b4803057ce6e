"""A browser in the two words that people know it by."""

import pytest

from hub.lib import user_agent

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(("said", "words"), [
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/140.0.0.0 YaBrowser/25.8.0.0 Safari/537.36",
     "Yandex, Windows"),
    (f"Mozilla/5.0 (Windows NT 10.0) {_WEBKIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
    (f"Mozilla/5.0 (Linux; Android 15) {_WEBKIT} Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1",
     "Safari, iPhone"),
    ("curl/8.5.0", "curl/8.5.0"), ("", "")])
def test_it_is_named(said: str, words: str) -> None:
    assert user_agent.words(said) == words
