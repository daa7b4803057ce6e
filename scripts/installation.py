"""What commands that look into a running installation begin with: its settings, its database, one of its businesses."""

from collections.abc import Iterator
from contextlib import contextmanager

from hub.errors import SettingsError
from hub.lib import ids
from hub.models.accounts.tenant import Tenant
from hub.models.base import connection
from hub.services.start import start
from hub.settings import Settings
from scripts import StartError, envfile, one_sentence
from scripts.options import ROOT


@contextmanager
def opened() -> Iterator[None]:
    """The installation in this folder; what is wrong with it, or raised as StartError inside, is one sentence."""
    with one_sentence():
        try:
            start(Settings.load(envfile.installation(ROOT)))
        except SettingsError as error:
            raise StartError(str(error)) from None
        with connection():
            yield


def business(uuid: str) -> Tenant:
    """The business of that id, as GET /api/tenant shows it; StartError where there is none."""
    found = Tenant.get_or_none(Tenant.uuid == ids.parse(uuid))
    if found is None:
        raise StartError(f"There is no business {uuid}.")
    return found
