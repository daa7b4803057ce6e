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


@pytest.mark.parametrize("written", [
    "\ufeffPORT=5311\r\nNAME='Лавка'\r\n", "PORT=5311\rNAME=Лавка\r", "# до\u2028после\nPORT=5311\nNAME=Лавка\n",
    "\ufeff# комментарий\r\n\r\nexport PORT=5311\r\nNAME=Лавка",
])
def test_it_reads_what_editors_of_any_system_write(tmp_path: Path, written: str) -> None:
    (tmp_path / ".env").write_bytes(written.encode())
    assert envfile.read(tmp_path / ".env") == {"PORT": "5311", "NAME": "Лавка"}


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "koi8-r", "cp866"])
@pytest.mark.parametrize("text", ["PORT=5311\r\n# магазин\r\n", "# порт\nPORT=5311\n"])
def test_another_encoding_is_one_sentence(tmp_path: Path, encoding: str, text: str) -> None:
    (tmp_path / ".env").write_bytes(text.encode(encoding))
    with pytest.raises(StartError, match=r"\.env is not UTF-8 text; save it again with the encoding UTF-8") as refused:
        envfile.read(tmp_path / ".env")
    assert "\n" not in str(refused.value)


def test_a_file_that_may_not_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(StartError, match=r"\.env cannot be read: Is a directory"):
        envfile.read(tmp_path / ".env")
