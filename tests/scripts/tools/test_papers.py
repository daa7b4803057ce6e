"""The files a platform or a person reads agree with the program: .env.example, Procfile, the executable scripts."""

import importlib.util
import itertools
import os
import re
from dataclasses import fields

from hub.settings import Settings
from scripts.environment import ROOT

# Read by the supervisor's children alone, or by code that is handed it.
BESIDES = {"INTEGRATION_SECRETS_MASTER_KEY"}


def test_the_example_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert len(named) == len(set(named))
    assert set(named) - BESIDES == {field.metadata["env"] for field in fields(Settings)} - BESIDES


def test_the_example_explains_every_setting() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    for before, line in itertools.pairwise(lines):
        if re.match(r"#?[A-Z_]+=", line):
            assert before.startswith("# "), line


def test_the_procfile_starts_modules_that_exist() -> None:
    processes = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert {"release", "web", "worker", "chroma"} <= set(processes)
    modules = re.findall(r"python -m ([\w.]+)", "\n".join(processes.values()))
    assert "jobs.worker" in modules
    for module in modules:
        assert importlib.util.find_spec(module), module


def test_the_commands_can_be_run() -> None:
    for name in ("scripts/run", "scripts/test", "scripts/check", "scripts/lock", "scripts/backup", "scripts/restore",
                 "scripts/audit", ".ci/run"):
        assert os.access(ROOT / name, os.X_OK), name
