"""`python -m scripts.rotate_secrets`: encrypts every stored secret anew under INTEGRATION_SECRETS_MASTER_KEY.

To change the key: put the old one into INTEGRATION_SECRETS_OLD_KEYS and the new one into
INTEGRATION_SECRETS_MASTER_KEY, restart, run this, then take the old one out. It may be stopped, repeated, and run while
the hub works.
"""

import sys

from hub.errors import SettingsError
from hub.models import ALL, secret
from hub.models.base import connection, db
from hub.services.start import start
from hub.settings import Settings
from scripts import StartError, envfile
from scripts.options import ROOT


def main() -> int:
    try:
        start(Settings.load(envfile.installation(ROOT)))
    except (SettingsError, StartError) as error:
        print(error, file=sys.stderr)
        return 2
    done = lost = 0
    with connection():
        for model in ALL:
            for field in secret.fields_of(model):
                changed, unreadable = secret.seal_all(db, model._meta.table_name, field.column_name)
                done, lost = done + changed, lost + unreadable
    print(f"{done} secrets are encrypted anew.")
    if lost:
        print(f"{lost} secrets cannot be read: their key is not in INTEGRATION_SECRETS_OLD_KEYS.", file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
