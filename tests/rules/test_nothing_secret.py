"""No file that is shipped holds a key or a password, and nothing that was built leads to its sources."""

import re

import pytest

from tests.rules.test_sizes import ROOT

# What keys look like: of machines, of models, of clouds, of code hosts, of bots, of payments, and signed tokens.
_KEYS = re.compile(b"|".join((
    rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}", rb"\bsk-(?:proj-)?[A-Za-z0-9_]{32,}",
    rb"\bAKIA[0-9A-Z]{16}\b", rb"\bgh[pousr]_[A-Za-z0-9]{36}", rb"\bxox[abpr]-[0-9A-Za-z-]{20,}",
    rb"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b", rb"\b[sr]k_live_[0-9A-Za-z]{20,}",
    rb"\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}")))
_MAP = re.compile(rb"sourceMappingURL=(?!data:,)\S+")
# What is run, served or copied; tests hold made-up keys.
SHIPPED = [path for top in ("hub", "jobs", "scripts", "static", "templates", "widget", "docs")
           for path in sorted((ROOT / top).rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


@pytest.mark.parametrize("key", [
    b"-----BEGIN EC PRIVATE KEY-----\n" + b"A" * 64, b"sk-" + b"a1" * 24, b"AKIA" + b"B2" * 8, b"ghp_" + b"a1" * 18,
    b"123456789:AA" + b"x" * 33, b"sk_live_" + b"a1" * 12, b".".join([b"eyJ" + b"a" * 24] * 2 + [b"b" * 24])])
def test_a_key_is_seen(key: bytes) -> None:
    assert _KEYS.search(b"token = '" + key + b"'")


def test_no_file_holds_a_key() -> None:
    top = [ROOT / name for name in (".env.example", "README.md", "CHANGELOG.md", "Procfile", "app.py")]
    assert [path for path in [*SHIPPED, *top] if _KEYS.search(path.read_bytes())] == []


def test_what_browsers_get_has_no_source_maps() -> None:
    served = [path for path in SHIPPED if ROOT / "static" in path.parents]
    assert served and [path for path in served if path.suffix == ".map" or _MAP.search(path.read_bytes())] == []
