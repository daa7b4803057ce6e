"""`app` for gunicorn; `python app.py` starts everything on one machine, supervised."""

import os
import sys

if __name__ == "__main__":
    # The supervisor alone: nothing of the hub is imported, so it stays under 20 MB.
    from scripts.stack import main

    sys.exit(main(sys.argv[1:]))

from hub import create_app
from hub.errors import SettingsError
from hub.settings import Settings

try:
    app = create_app(Settings.load(os.environ))
except SettingsError as error:
    print(error, file=sys.stderr)
    sys.exit(3)     # the code at which gunicorn gives up instead of starting the worker again and again
