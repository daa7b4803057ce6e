"""What scripts/check runs: the linter, the type checker, the quick tests. All three, even when the first complains."""

import subprocess
import sys

CHECKS = (
    ("ruff", "check", "."),
    ("mypy", "hub", "jobs", "scripts", "tests", "app.py"),
    ("pytest", "-q", "-m", "not slow and not browser and not postgres"),
)


def main() -> int:
    failed = [check[0] for check in CHECKS if subprocess.run([sys.executable, "-m", *check]).returncode]
    print(f"check: {', '.join(failed)} failed" if failed else "check: all good", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
