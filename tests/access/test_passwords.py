"""Passwords: slow to check, of any length and language, and good enough when they are new."""

import subprocess
import sys
from pathlib import Path

import bcrypt
import pytest

from hub.access import passwords
from hub.errors import BadInput

RIGHT = "Correct-horse-7"


def test_the_program_hashes_with_twelve_rounds(root: Path) -> None:
    """Asked in a process of its own: in this one the tests have set fewer."""
    program = "from hub.access import passwords; print(passwords.hashed('x'), passwords._nobody())"
    said = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True).stdout
    assert [stored[:7] for stored in said.split()] == ["$2b$12$", "$2b$12$"]


@pytest.mark.parametrize("rounds", [4, 12])
def test_a_password_matches_itself_only(monkeypatch: pytest.MonkeyPatch, rounds: int) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", rounds)
    stored = passwords.hashed(RIGHT)
    assert stored.startswith(f"$2b${rounds:02}$")
    assert RIGHT not in stored
    assert passwords.matches(RIGHT, stored)
    assert not passwords.matches("Correct-horse-8", stored)


def test_nobodys_password_is_never_right() -> None:
    assert not passwords.matches("nobody", None)
    assert not passwords.matches("", None)


@pytest.mark.parametrize(("left", "right"), [
    ("ё" * 80 + "1", "ё" * 80 + "2"),           # bcrypt alone sees 72 bytes
    ("abc\x00def", "abc\x00deg")],              # and stops at NUL
    ids=["the eightieth", "those after NUL"])
def test_every_character_of_a_password_counts(left: str, right: str) -> None:
    assert not passwords.matches(right, passwords.hashed(left))


def test_half_a_character_is_no_accident() -> None:
    assert not passwords.matches("\ud800", None)


@pytest.mark.parametrize("good", [RIGHT, "Пароль77", "aB345678", "Ünder-1-ßcore", "A" + "b" * 200 + "1", "    aB1  "])
def test_a_good_password_is_taken(good: str) -> None:
    passwords.check_rule(good)


@pytest.mark.parametrize("weak", ["", "aB1", "Abcdef1", "abcdefg1", "ABCDEFG1", "Abcdefgh", "12345678", "password123",
                                  "пароль77", "AB_12345", "        "])
def test_a_weak_password_is_refused_with_the_rule(weak: str) -> None:
    with pytest.raises(BadInput) as caught:
        passwords.check_rule(weak)
    assert caught.value.code == "weak_password"
    assert "at least 8 characters" in caught.value.message
    assert not weak or weak not in str(caught.value)


def test_a_hash_that_another_program_made_of_the_password_itself_is_known() -> None:
    kept = passwords.PLAIN + bcrypt.hashpw(b"Correct-horse-7", bcrypt.gensalt(4)).decode()
    assert passwords.matches("Correct-horse-7", kept)
    for wrong in ("Correct-horse-8", "", "Correct-horse-7\0", "Ж" * 50):
        assert not passwords.matches(wrong, kept)


BESIDE = """
from gevent import monkey
monkey.patch_all()
import gevent
from hub.access import passwords
passwords.ROUNDS = 10
ticks = 0
def tick():
    global ticks
    while True:
        ticks += 1
        gevent.sleep(0)
gevent.spawn(tick)
stored = passwords.hashed("x")
between = ticks
right = gevent.joinall([gevent.spawn(passwords.matches, word, stored) for word in ("x", "y")])
print(between > 100, ticks - between > 100, [done.value for done in right])
try:
    passwords.matches("x", "no hash")
except ValueError as error:
    print(type(error).__name__)
"""


def test_others_go_on_while_a_password_is_worked_on(root: Path) -> None:
    """Turns of another greenlet are counted; on the event loop's own thread it would have none."""
    done = subprocess.run([sys.executable, "-c", BESIDE], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["True True [True, False]", "ValueError"]
    assert "Traceback" not in done.stderr
