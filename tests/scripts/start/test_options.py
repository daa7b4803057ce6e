"""What scripts/run understands on its command line."""

from pathlib import Path

import pytest

from scripts import StartError
from scripts.options import ROOT, Options, parse


def test_nothing_told_means_the_usual_folder_any_port_and_the_demo() -> None:
    assert parse([], {}) == Options(data=ROOT / "data", port=None, ready_file=None, demo=True)


def test_the_command_line_wins_over_the_environment() -> None:
    parsed = parse(["--port", "0", "--data", "/here"], {"PORT": "7000", "DATA_DIR": "/there"})
    assert (parsed.port, parsed.data) == (0, Path("/here"))


def test_the_environment_counts_when_the_command_line_is_silent() -> None:
    parsed = parse(["--no-demo"], {"PORT": "7000", "DATA_DIR": "kept"})
    assert parsed == Options(data=ROOT / "kept", port=7000, demo=False)


def test_a_relative_path_on_the_command_line_begins_where_the_person_stands(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    parsed = parse(["--data", "d", "--ready-file", "r.json"], {})
    assert (parsed.data, parsed.ready_file) == (tmp_path / "d", tmp_path / "r.json")


@pytest.mark.parametrize(("arguments", "environ", "sentence"), [
    (["--port", "many"], {}, "--port must be a number from 0 to 65535, not 'many'."),
    (["--port", "65536"], {}, "--port must be a number from 0 to 65535, not '65536'."),
    (["--port", "-1"], {}, "--port must be a number from 0 to 65535, not '-1'."),
    ([], {"PORT": "http"}, "PORT must be a number from 0 to 65535, not 'http'."),
    (["--prot", "1"], {}, "Unrecognized arguments: --prot 1 (see scripts/run --help)."),
])
def test_a_mistake_is_one_sentence(arguments: list[str], environ: dict[str, str], sentence: str) -> None:
    with pytest.raises(StartError) as mistake:
        parse(arguments, environ)
    assert str(mistake.value) == sentence
