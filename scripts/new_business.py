"""`python -m scripts.new_business NAME OWNER-EMAIL [DOMAIN …]`: a business with its owner, AI agent and site."""

import argparse
import sys

from hub.access import passwords
from hub.errors import BadInput, SettingsError
from hub.lib import domains, ids, mailbox
from hub.models.agents.agent import Agent
from hub.models.base import connection, transaction
from hub.models.channels.channel import Channel
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.services.agents import agents
from hub.services.start import start
from hub.settings import Settings
from scripts import StartError, envfile, one_sentence
from scripts.options import ROOT


def main(arguments: list[str]) -> int:
    words = argparse.ArgumentParser(prog="python -m scripts.new_business", description=__doc__)
    words.add_argument("name")
    words.add_argument("email")
    words.add_argument("domain", nargs="*", help="sites that may embed the widget; none: every site")
    parsed = words.parse_args(arguments)
    with one_sentence():
        email, rules = _checked(parsed.name, parsed.email, parsed.domain)
        with connection():
            if User.by_email(email):
                raise StartError(f"Somebody signs in as {email} already.")
            token, password = make(parsed.name, email, rules)
    print(f"Owner     {email}\nPassword  {password}\n\n"
          f'<script src="https://YOUR-HUB/widget.js" data-site="{token}" async></script>')
    return 0


def _checked(name: str, email: str, typed: list[str]) -> tuple[str, list[str]]:
    """(e-mail, rules of the domains) as they are stored; StartError for what cannot be used."""
    if not name.strip():
        raise StartError("The business needs a name.")
    try:
        email = mailbox.typed(email)
    except ValueError:
        raise StartError(f"“{email}” is no e-mail address.") from None
    try:
        rules = domains.rules(typed)
        start(Settings.load(envfile.installation(ROOT)))
    except (BadInput, SettingsError) as error:
        raise StartError(str(error)) from None
    return email, rules


def make(name: str, email: str, rules: list[str]) -> tuple[str, str]:
    """(site token, the owner's password)."""
    password = f"Aa1-{ids.token(9)}"
    with transaction():
        tenant = Tenant.create(name=name)
        User.create(tenant=tenant, email=email, role="owner", password_hash=passwords.hashed(password))
        Agent.create(tenant=tenant, **agents.first(tenant.language, name))
        site = Channel.create(tenant=tenant, kind="website", name=name, config={"allowed_domains": rules})
    return str(site.token), password


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
