"""`python -m scripts.limit BUSINESS-ID [NAME NUMBER|default]`: shows or sets what one business may do a minute."""

import argparse
import sys

from hub.access.callers import Service
from hub.errors import BadInput
from hub.services import tenant_settings
from hub.services.accounts.limits import BusinessLimits
from scripts import StartError
from scripts.installation import business, opened

_NAMES = [name.replace("_", "-") for name in BusinessLimits.model_fields]


def main(arguments: list[str]) -> int:
    words = argparse.ArgumentParser(prog="python -m scripts.limit", description=__doc__)
    words.add_argument("business", help="its id, as GET /api/tenant shows it")
    words.add_argument("name", nargs="?", choices=_NAMES)
    words.add_argument("number", nargs="?")
    parsed = words.parse_args(arguments)
    with opened():
        tenant = business(parsed.business)
        if parsed.number:
            _set(Service("command", tenant), parsed.name.replace("-", "_"), parsed.number)
        for name, number in tenant_settings.of(tenant, BusinessLimits):
            print(f"{name.replace('_', '-'):16} {'default' if number is None else number}")
    return 0


def _set(caller: Service, field: str, number: str) -> None:
    try:
        tenant_settings.change(caller, BusinessLimits, {field: None if number == "default" else number})
    except BadInput as error:
        raise StartError(error.message) from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
