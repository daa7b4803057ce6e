"""Files of NAME=value lines, and the secrets that are made once."""

import base64
from pathlib import Path

import pytest

from scripts import StartError, envfile


def test_it_reads_names_and_values(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# a comment\n\nPORT=8080\nexport LOG_LEVEL = debug\nNAME='Кафе \"У дома\"'\nURL=postgres://u:p=1@h/d\n")
    assert envfile.read(file) == {"PORT": "8080", "LOG_LEVEL": "debug", "NAME": 'Кафе "У дома"',
                                  "URL": "postgres://u:p=1@h/d"}


def test_a_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert envfile.read(tmp_path / ".env") == {}


@pytest.mark.parametrize("line", ["PORT", "two words=1", "=1"])
def test_it_names_the_line_that_it_cannot_read(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"A=1\n{line}\n")
    with pytest.raises(StartError, match=r"Line 2 of .* should look like NAME=value"):
        envfile.read(tmp_path / ".env")


def test_secrets_are_made_once_and_for_our_eyes_only(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    first = envfile.secrets(file, {})
    assert len(first["SESSION_SECRET"]) >= 32
    assert len(base64.b64decode(first["INTEGRATION_SECRETS_MASTER_KEY"])) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert envfile.secrets(file, {}) == first


def test_two_installations_have_different_secrets(tmp_path: Path) -> None:
    one, other = envfile.secrets(tmp_path / "a", {}), envfile.secrets(tmp_path / "b", {})
    assert not set(one.values()) & set(other.values())


def test_a_secret_that_is_set_is_used_and_not_written_down(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    secrets = envfile.secrets(file, {"SESSION_SECRET": "from the environment"})
    assert secrets["SESSION_SECRET"] == "from the environment"
    assert "SESSION_SECRET" not in envfile.read(file)


def test_a_secret_that_is_missing_is_added_and_the_other_kept(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    file.write_text("SESSION_SECRET=mine\n")
    secrets = envfile.secrets(file, {})
    assert secrets["SESSION_SECRET"] == "mine"
    assert envfile.read(file) == secrets
