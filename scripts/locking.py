"""How the exact lists of packages are made, the same way every time."""

import subprocess
import tempfile
from pathlib import Path

from scripts import StartError, environment
from scripts.environment import ROOT

# Chroma asks for these and does not need them here: of it we run the server, which is no Python, and bring our own
# vectors. And what is installed is loaded by others: rich by structlog, in each of our processes.
UNNEEDED = ("grpcio", "kubernetes", "onnxruntime", "opentelemetry-api", "opentelemetry-exporter-otlp-proto-grpc",
            "opentelemetry-sdk", "rich", "tokenizers", "typer")
_NEVER = "sys_platform == 'never'"
LISTS = ("requirements", "tests/requirements")


def main(arguments: list[str]) -> None:
    """Write both locks; `arguments` go on to `uv pip compile`. Raises StartError."""
    environment.make(environment.TEST)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as overrides:
        overrides.writelines(f"{name}; {_NEVER}\n" for name in UNNEEDED)
        overrides.flush()
        for name in LISTS:
            _compile(name, overrides.name, arguments)


def _compile(name: str, overrides: str, arguments: list[str]) -> None:
    target = ROOT / f"{name}.txt"
    # The old lock is what uv prefers, so that only what must change does.
    with tempfile.NamedTemporaryFile("w+", suffix=".txt") as draft:
        draft.write(target.read_text() if target.exists() else "")
        draft.flush()
        done = subprocess.run(
            [str(environment.VENV / "bin" / "uv"), "pip", "compile", "--quiet", f"{name}.in", "-o", draft.name,
             "--override", overrides, "--universal", "--python-version", "3.11", "--no-annotate", "--no-header",
             *arguments], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise StartError(f"uv could not lock {name}.in: {done.stderr.strip()}")
        target.write_text(wanted(name, Path(draft.name).read_text()))


def wanted(name: str, compiled: str) -> str:
    """The lock's text: a header, and what uv wrote without packages that are never installed and without options."""
    lines = [line for line in compiled.splitlines() if "'never'" not in line and not line.startswith(("#", "-"))]
    return "\n".join([f"# The exact lock of {name}.in, made by scripts/lock. Do not edit by hand.", *lines, ""])
