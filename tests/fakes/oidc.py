"""The fake OpenID provider: its description, its keys, a person who says yes at once, and tokens that may be spoilt.

GET /oidc/authorize is what the person's browser opens: it is sent back with a code. Options, of the key "": `claims`
(what the id_token says beside or instead of the usual; None leaves a claim out), `alg` (none, HS256), `kid` (which key
signs), `userinfo`, `document` (of the description), `pad` (so many bytes more in a token's answer).
"""
from __future__ import annotations

import base64
import hashlib
import json
import time
from functools import cache
from typing import Any
from urllib.parse import unquote, urlencode

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.fakes.modes import Mode, WrongControl
from tests.fakes.provider import Take
from tests.fakes.wire import Reply, Request, json_reply

CLIENT, SECRET = "parley", "the secret: of + parley"
PERSON: dict[str, Any] = {"sub": "vera-1", "email": "vera@mill.example", "email_verified": True, "name": "Vera Miller"}
OPTIONS = {"claims": {}, "alg": "RS256", "kid": "first", "userinfo": {}, "document": {}, "pad": 0}


@cache
def signing_key(kid: str) -> RSAKey:
    """The one of this name, which takes its time to be made."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


class OIDC:
    """The provider `oidc`; a code is good once, for whoever knows the verifier and the secret."""

    name = "oidc"
    modes: dict[str, str] = {}
    is_secret = False

    def __init__(self) -> None:
        self._told: dict[str, Any] = dict(OPTIONS)
        self._codes: dict[str, dict[str, str]] = {}

    def key(self, request: Request) -> str:
        return ""

    def option(self, key: str, name: str, value: Any) -> None:
        if name not in OPTIONS:
            raise WrongControl(f"oidc has no option {name!r}; there are: {', '.join(OPTIONS)}")
        self._told[name] = value

    def error(self, request: Request, mode: Mode) -> Reply:
        return json_reply({"error": "server_error"}, int(mode.name))

    def answer(self, request: Request, mode: Mode, take: Take) -> Reply:
        issuer = f"http://{request.headers['host']}/oidc"
        match request.method, request.path.removeprefix("/oidc/"):
            case "GET", ".well-known/openid-configuration":
                return json_reply({"issuer": issuer, **{f"{name}_endpoint": f"{issuer}/{name}" for name in (
                    "authorization", "token", "userinfo")}, "jwks_uri": f"{issuer}/jwks", **self._told["document"]})
            case "GET", "jwks":
                return json_reply({"keys": [signing_key(str(self._told["kid"])).as_dict(private=False)]})
            case "GET", "authorization":
                return self._agreed(request.query)
            case "POST", "token":
                return self._token(request, issuer)
            case "GET", "userinfo":
                return json_reply(self._told["userinfo"])
        return json_reply({"error": "not_found"}, 404)

    def _agreed(self, asked: dict[str, str]) -> Reply:
        code = f"code-{len(self._codes) + 1}"
        self._codes[code] = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        return Reply(302, headers={"Location": back}, answered=back)

    def _token(self, request: Request, issuer: str) -> Reply:
        form = request.body
        asked = self._codes.pop(form.get("code", ""), None) if isinstance(form, dict) else None
        if _basic(request) != (CLIENT, SECRET):
            return json_reply({"error": "invalid_client"}, 401)
        if asked is None or asked["redirect_uri"] != form["redirect_uri"] or _challenge(
                form["code_verifier"]) != asked["code_challenge"] or asked["code_challenge_method"] != "S256":
            return json_reply({"error": "invalid_grant"}, 400)
        return json_reply({"access_token": "token-1", "token_type": "Bearer", "pad": "x" * int(self._told["pad"]),
                           "id_token": self._signed(issuer, asked["nonce"])})

    def _signed(self, issuer: str, nonce: str) -> str:
        now = int(time.time())
        said = {"iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **PERSON,
                **self._told["claims"]}
        claims = {name: value for name, value in said.items() if value is not None}
        alg, kid = str(self._told["alg"]), str(self._told["kid"])
        if alg == "none":
            return ".".join([_packed({"alg": "none"}), _packed(claims), ""])
        key = OctKey.import_key(SECRET * 2) if alg.startswith("HS") else signing_key(kid)
        return jwt.encode({"alg": alg, "kid": kid}, claims, key, algorithms=[alg])


def _packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _basic(request: Request) -> tuple[str, str]:
    """(client, secret) as RFC 6749, 2.3.1 has them: each percent-encoded within."""
    raw = base64.b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
    client, _, secret = raw.partition(":")
    return unquote(client), unquote(secret)
