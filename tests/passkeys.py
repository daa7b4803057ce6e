"""A device with passkeys, in software: it answers as the Web Authentication standard says, or as it forbids."""

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url as text

from hub.models.accounts.user import User
from hub.services.accounts import passkeys
from tests import factories
from tests.client import Client
from tests.factories import PASSWORD

OWN, ENTER = "/api/account/passkeys", "/auth/passkey"
ORIGIN = "http://localhost"         # as the test client calls itself


class Device:
    """One key on one device. `origin` is of the page that asks, else the hub's own; `verified`: its lock was opened."""

    def __init__(self, origin: str = ORIGIN, host: str = "localhost", *, verified: bool = True) -> None:
        self.origin, self.host, self.verified = origin or passkeys.origin(), host, verified
        self.id, self.key = secrets.token_bytes(32), ec.generate_private_key(ec.SECP256R1())
        self.count, self.owner = 0, b""

    def makes(self, asked: dict[str, Any]) -> str:
        """The answer to navigator.credentials.create()."""
        self.owner = base64url_to_bytes(asked["publicKey"]["user"]["id"])
        about = self._about(0x40) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self._public()
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})
        return self._said(clientDataJSON=self._page("webauthn.create", asked), attestationObject=made)

    def signs(self, asked: dict[str, Any]) -> str:
        """The answer to navigator.credentials.get()."""
        self.count += 1
        page, about = self._page("webauthn.get", asked), self._about(0)
        signature = self.key.sign(about + hashlib.sha256(page).digest(), ec.ECDSA(hashes.SHA256()))
        return self._said(clientDataJSON=page, authenticatorData=about, signature=signature, userHandle=self.owner)

    def new(self, user: User) -> dict[str, str]:
        """The body that gives this key to the person."""
        asked = passkeys.ask_new(factories.caller(user), PASSWORD)
        return {"ticket": asked.ticket, "credential": self.makes({"publicKey": asked.options}), "name": "Phone"}

    def entry(self, user: User) -> dict[str, str]:
        """The body that signs the person in with this key, which they got just now."""
        passkeys.add(factories.caller(user), **self.new(user))
        asked = passkeys.ask()
        return {"ticket": asked.ticket, "credential": self.signs({"publicKey": asked.options})}

    def _about(self, flags: int) -> bytes:
        flags |= 0x01 | (0x04 if self.verified else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _public(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def _page(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["publicKey"]["challenge"], "origin": self.origin,
                           "crossOrigin": False}).encode()

    def _said(self, **response: bytes) -> str:
        return json.dumps({"id": text(self.id), "rawId": text(self.id), "type": "public-key",
                           "response": {name: text(value) for name, value in response.items()}})


def asked(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.post(f"{OWN}/options", {"proof": PASSWORD})
    return found


def made(client: Client, device: Device, **more: Any) -> Any:
    """Let the device make a key for the client's person."""
    question = asked(client)
    sent = {"ticket": question["ticket"], "credential": device.makes(question), "name": "Phone"}
    return client.call("POST", OWN, json={**sent, **more})


def sign_in(client: Client, device: Device, question: dict[str, Any] | None = None) -> Any:
    question = question or client.post(f"{ENTER}/options")
    return client.call("POST", ENTER, json={"ticket": question["ticket"], "credential": device.signs(question)})
