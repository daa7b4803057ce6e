"""The exact lists of packages."""

import re

from scripts import locking
from scripts.environment import ROOT

NAMES = ("requirements", "tests/requirements")


def pins(name: str) -> set[str]:
    """{"flask==3.1.3"}, without markers."""
    lines = (ROOT / f"{name}.txt").read_text().splitlines()
    return {line.split(";")[0].strip() for line in lines if not line.startswith("#")}


def test_every_package_is_pinned_to_one_version() -> None:
    for name in NAMES:
        assert all(re.fullmatch(r"[a-z0-9.-]+(\[[a-z,]+\])?==[\w.]+", pin) for pin in pins(name)), name


def test_the_tests_run_with_what_the_program_runs_with() -> None:
    assert pins("requirements") <= pins("tests/requirements")


def test_what_chroma_only_thinks_it_needs_is_not_installed() -> None:
    installed = {pin.split("==")[0] for name in NAMES for pin in pins(name)}
    assert not installed & set(locking.UNNEEDED)


def test_every_package_that_is_asked_for_is_in_the_list() -> None:
    for name in NAMES:
        asked = re.findall(r"^([A-Za-z0-9._-]+)", (ROOT / f"{name}.in").read_text(), re.MULTILINE)
        wanted = {word.lower().replace("_", "-") for word in asked if not word.startswith("-")}
        assert wanted <= {pin.split("==")[0] for pin in pins(name)}


def test_a_lock_names_no_place_to_load_from() -> None:
    text = locking.wanted("requirements", "# made by uv\n--index-url https://u:p@example.test/simple\nflask==3.1.3\n"
                                          "kubernetes==1.0 ; sys_platform == 'never'\nrq==2.12.0\n")
    assert text == ("# The exact lock of requirements.in, made by scripts/lock. Do not edit by hand.\n"
                    "flask==3.1.3\nrq==2.12.0\n")
