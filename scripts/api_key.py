"""`python -m scripts.api_key BUSINESS-ID NAME SCOPE …`: makes a key of the Chat API and prints it, this once."""

import argparse
import sys

from pydantic import TypeAdapter

from hub.access.callers import Service
from hub.access.roles import Scope
from hub.errors import HubError
from hub.services.accounts import api_keys
from hub.web import binding
from hub.web.api_keys import ApiKeyIn
from scripts import StartError
from scripts.installation import business, opened

# A key of every business counts while the person who made it owns the installation: it is made on their page.
_SCOPES = [scope.value for scope in Scope if scope is not Scope.PLATFORM]


def main(arguments: list[str]) -> int:
    words = argparse.ArgumentParser(prog="python -m scripts.api_key", description=__doc__)
    words.add_argument("business", help="its id, as GET /api/tenant shows it")
    words.add_argument("name", help="what the key is for")
    words.add_argument("scope", nargs="+", choices=_SCOPES)
    words.add_argument("--days", help="after how many days it ends; without it, never")
    parsed = words.parse_args(arguments)
    with opened():
        print(_made(parsed))
    return 0


def _made(parsed: argparse.Namespace) -> str:
    said = {"name": parsed.name, "scopes": parsed.scope, "expires_in_days": parsed.days}
    try:
        given = binding.validated(TypeAdapter(ApiKeyIn), said)
        _, key = api_keys.create(Service("command", business(parsed.business)), **given.model_dump())
    except HubError as error:
        raise StartError(error.message) from None
    return key


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
