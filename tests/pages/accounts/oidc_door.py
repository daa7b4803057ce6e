"""The OpenID provider as a person's browser meets it: there, and back."""

from dataclasses import dataclass
from typing import Any

import httpx2

from hub.access.identity import COOKIE
from hub.models.accounts.oidc_identity import OidcIdentity
from hub.models.accounts.user import User
from tests.client import Client
from tests.fakes import FakeServer
from tests.waits import STUCK_S

BACK = "/auth/oidc/callback"


@dataclass
class Door:
    """The provider as a person's browser meets it."""

    client: Client
    fake: FakeServer

    def spoil(self, **options: Any) -> None:
        self.fake.options("oidc", "", **options)

    def claim(self, **claims: Any) -> None:
        self.spoil(claims=claims)

    def go(self, query: str = "") -> str:
        """As far as the provider, where the person says yes; the address to which it sends them back."""
        url = self.client.call("GET", f"/auth/oidc{query}", expect=302).location
        return str(httpx2.get(url, timeout=STUCK_S).headers["location"]).partition("http://hub.example")[2]

    def enter(self, query: str = "") -> str:
        """There and back; where they stand then."""
        return str(self.client.call("GET", self.go(query), expect=302).location)

    def refused(self, back: str = "") -> str:
        """What the sign-in page says instead; nobody is signed in, and nothing was made."""
        before = (User.select().count(), OidcIdentity.select().count())
        path = self.client.call("GET", back or self.go(), expect=302)
        assert path.location == "/auth/login" and COOKIE not in " ".join(path.headers.getlist("Set-Cookie"))
        assert (User.select().count(), OidcIdentity.select().count()) == before
        return self.client.call("GET", "/auth/login", expect=200).text
