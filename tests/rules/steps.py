"""Small migrations that tests write into a folder of their own."""

from pathlib import Path


def step(folder: Path, name: str, *statements: str, atomic: bool = True, says: str = "") -> Path:
    """A migration that runs these SQL statements, then the line of Python `says`."""
    lines = [*(f"db.execute_sql({statement!r})" for statement in statements), *([says] if says else [])]
    path = folder / f"{name}.py"
    path.write_text("from hub.models import online\n\n" + ("" if atomic else "atomic = False\n\n")
                    + "def up(migrator, db):\n    " + "\n    ".join(lines) + "\n", "utf-8")
    return path
