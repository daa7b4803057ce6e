"""python -m scripts.migrate: an up-to-date database, or one sentence about why not."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import migrate
from tests import servers
from tests.scripts.trees import ROOT, clean

SECRET = "x" * 40


def run(url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "scripts.migrate", *arguments], cwd=ROOT, text=True,
                          capture_output=True, env=clean(DATABASE_URL=url, SESSION_SECRET=SECRET))


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with servers.postgres_server() as url:
        yield url


def test_it_applies_each_migration_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new folder/hub.db"
    first, second = run(url), run(url)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert first.stdout.startswith("applied 0001_initial\n")
    assert second.stdout == ""


def test_a_check_opens_the_database_and_changes_nothing(tmp_path: Path) -> None:
    done = run(f"sqlite:///{tmp_path}/hub.db", "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "hub.db").read_bytes()[100:] == b"" or "tenant" not in (tmp_path / "hub.db").read_text("latin1")


@pytest.mark.parametrize(("url", "sentence"), [
    ("mysql://u:p@h/d", "DATABASE_URL must begin with sqlite:/// or postgres://."),
    ("postgres://u:hidden@no-such-host.invalid/d", "DATABASE_URL: the host 'no-such-host.invalid' is unknown."),
    ("postgres://u:hidden@127.0.0.1:1/d", "DATABASE_URL: no Postgres answers at 127.0.0.1:1."),
    ("postgres://u:hidden@host:port/d",
     "DATABASE_URL is not an address; it should look like postgres://user:password@host:5432/name."),
    ("sqlite:////proc/no/hub.db", "DATABASE_URL: cannot write to /proc/no: No such file or directory."),
    (f"sqlite:///{ROOT}", f"DATABASE_URL: the file '{ROOT}' cannot be written."),
    (f"sqlite:///{ROOT}/LICENSE", f"DATABASE_URL: the file '{ROOT}/LICENSE' is not an SQLite database."),
])
def test_a_wrong_address_is_one_sentence(url: str, sentence: str) -> None:
    done = run(url)
    assert (done.returncode, done.stderr) == (2, sentence + "\n")


@pytest.mark.postgres
@pytest.mark.parametrize(("old", "new", "says"), [
    ("{password}", "wrong-password", "the server at {where} refuses user '{user}' with this password."),
    ("/{name}", "/no_such_database", "the server at {where} has no database 'no_such_database'."),
    ("//{user}", "//nobody_here", "the server at {where} refuses user 'nobody_here' with this password."),
])
def test_what_postgres_refuses_is_one_sentence_without_the_password(
        postgres: str, old: str, new: str, says: str) -> None:
    login, _, place = postgres.removeprefix("postgres://").partition("@")
    user, _, password = login.partition(":")
    where, _, name = place.partition("/")
    facts = {"user": user, "password": password, "where": where, "name": name}
    done = run(postgres.replace(old.format(**facts), new), "--check")
    assert (done.returncode, done.stderr) == (2, f"DATABASE_URL: {says.format(**facts)}\n")
    assert password not in done.stderr and "wrong-password" not in done.stderr


@pytest.mark.postgres
def test_a_right_address_is_fine(postgres: str) -> None:
    assert run(postgres, "--check").returncode == 0


def test_a_reason_that_nobody_foresaw_is_told_without_the_password() -> None:
    said = migrate.sentence("postgres://u:p%40ss@h/d", 'odd thing with "p@ss" or p%40ss\nDETAIL: more')
    assert said == 'DATABASE_URL: the database cannot be used (odd thing with "…" or …).'


def test_it_makes_the_owner_of_the_installation_whom_the_environment_names(tmp_path: Path) -> None:
    env = clean(DATABASE_URL=f"sqlite:///{tmp_path}/hub.db", DATA_DIR=str(tmp_path), SESSION_SECRET=SECRET,
                OWNER_EMAIL="root@platform.example")
    said = [subprocess.run([sys.executable, "-m", "scripts.migrate"], cwd=ROOT, text=True, capture_output=True,
                           env={**env, **more}) for more in ({}, {"OWNER_PASSWORD": "Owner-12345"}, {})]
    assert [done.returncode for done in said] == [2, 0, 0]
    assert said[0].stderr == "OWNER_EMAIL needs OWNER_PASSWORD or OWNER_PASSWORD_HASH at the first start.\n"
    assert said[1].stdout == "root@platform.example owns this installation. Take OWNER_PASSWORD away now.\n"
    assert said[2].stdout == ""
