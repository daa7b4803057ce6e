"""The figures as a Markdown table, and the machine that they were measured on."""

import os
import platform
import shutil
import subprocess
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from scripts import redis_server
from scripts.benchmarks.figure import Bar, Figure
from tests import servers


def machine() -> str:
    """Cores, memory and versions, in one line."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in ("gunicorn", "gevent", "peewee", "chromadb"))
    return (f"{cores} cores ({_processor()}), {memory:.0f} GB, {platform.system()} {platform.release()}, "
            f"Python {platform.python_version()}, {packages}, {_version(redis_server.program())}, "
            f"{_version(_postgres())}")


def markdown(figures: Sequence[Figure]) -> str:
    """One row per figure; a bar that was missed says so."""
    rows = [["", "what", "database", "measured", "bar", "", "raw baseline", "ratio", "notes"], ["---"] * 9]
    rows += [[figure.key, figure.what, figure.database, shown(figure.value, figure.unit), _bar(figure.bar, figure.unit),
              {True: "met", False: "**MISSED**", None: ""}[figure.good],
              "" if figure.baseline is None else f"{shown(figure.baseline, figure.unit)} ({figure.against})",
              "" if figure.ratio is None else f"{figure.ratio:.2f}", figure.note] for figure in figures]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def shown(value: float, unit: str) -> str:
    """Three telling digits: 12,345 · 123 · 12.3 · 1.23."""
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()


def _bar(bar: Bar | None, unit: str) -> str:
    if bar is None:
        return ""
    sign = "≥" if bar.at_least else "<"
    return f"ratio {sign} {bar.limit:g}" if bar.of_ratio else f"{sign} {shown(bar.limit, unit)}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _postgres() -> str:
    folder = servers.postgres_programs()
    return str(folder / "postgres") if folder else ""


def _version(program: str) -> str:
    if not shutil.which(program):
        return "no Postgres"
    words = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=5).stdout.split()
    number = next((word.removeprefix("v=") for word in words if word[:1].isdigit() or word.startswith("v=")), "?")
    return f"{'Redis' if 'redis' in program else 'Postgres'} {number}"
