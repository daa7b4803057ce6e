"""`python -m scripts.routes`: every route as `METHOD path permission`, one a line, from the same tables that serve."""

import sys

from hub import api, pages
from hub.access.roles import Permission
from hub.api.kit.serve import routes
from hub.pages.kit import PAGES

# Open connections; they have no table because they have no answer.
LIVE = [("GET", "/widget/live", Permission.VISITOR), ("GET", "/widget/events", Permission.VISITOR),
        ("GET", "/inbox/events", Permission.VIEW_CONVERSATIONS),
        ("GET", "/api/tasks/<task>/events", Permission.MANAGE_KNOWLEDGE_BASE),
        ("GET", "/api/onboarding/run-smoke-test/stream", Permission.VIEW_CONVERSATIONS)]
# Files, and the way from the bare address to the inbox.
FILES = [("GET", "/", Permission.ANYBODY), ("GET", "/widget.js", Permission.ANYBODY),
         ("GET", "/static/<path:filename>", Permission.ANYBODY)]


def every() -> list[tuple[str, str, Permission]]:
    assert pages.BLUEPRINTS         # importing the pages declares them
    return routes(api.surfaces()) + PAGES + LIVE + FILES


def main() -> int:
    for method, path, permission in sorted(every(), key=lambda row: (row[1], row[0])):
        print(method, path, permission)
    return 0


if __name__ == "__main__":
    sys.exit(main())
