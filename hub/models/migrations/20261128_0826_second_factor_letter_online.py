"""Second factor letter (online): a frozen step from one schema to the next."""

from typing import Any

from hub.models import checks

# Outside a transaction, so that nobody waits: what is made already is left as it is.
atomic = False


def up(migrator: Any, db: Any) -> None:
    checks.allow_only(db, 'mail', 'kind', ['accounts.letters.verification', 'accounts.letters.reset', 'accounts.letters.invite', 'accounts.letters.address_taken', 'accounts.letters.email_change_old', 'accounts.letters.email_change_new', 'accounts.letters.ownership_offer', 'accounts.letters.new_device', 'accounts.letters.second_factor_off', 'platform.contact.letter'])
