"""`python -m scripts.flag [NAME on|off [--business ID]]`: shows what is switched, or switches it for one or for all."""

import argparse
import sys

from hub.access import flags
from hub.access.callers import Service
from hub.access.flags import Flag
from hub.services.platform.flags import switch
from scripts.installation import business, opened


def main(arguments: list[str]) -> int:
    words = argparse.ArgumentParser(prog="python -m scripts.flag", description=__doc__)
    words.add_argument("name", nargs="?", choices=list(Flag))
    words.add_argument("state", nargs="?", choices=("on", "off"))
    words.add_argument("--business", metavar="ID", help="the id of one business, as GET /api/tenant shows it")
    parsed = words.parse_args(arguments)
    with opened():
        tenant = business(parsed.business) if parsed.business else None
        if parsed.state:
            switch(Service("command", tenant), Flag(parsed.name), tenant, parsed.state == "on")
        for flag in Flag:
            print(f"{flag:26} {'on' if flags.on(flag, tenant) else 'off':4}{_why(flag)}")
    return 0


def _why(flag: Flag) -> str:
    return "" if flags.by_environment(flag) is None else f"FEATURE_{flag} says so"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
