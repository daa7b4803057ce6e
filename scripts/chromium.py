"""The Chromium of this machine, for the tests and the photographs."""

import shutil

# The headless shell is the same Chromium without its window: a third of the work.
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


def program() -> str | None:
    """Its path; None when there is none."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)
