"""An OpenID provider: where a person signs in there, and who it says that they are (OpenID Connect Core, code flow).

authlib makes the addresses and checks the claims, joserfc the signature; every call leaves by lib/http.py.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

import orjson

from hub.lib import http, text
from hub.lib.cache import Cache
from hub.lib.json_types import JsonObject, Values

if TYPE_CHECKING:       # they come with the first sign-in: processes without one do not hold them
    from joserfc.jwk import KeySet
    from joserfc.jwt import Token

# Keys are asked for anew as soon as one is missing, and what a provider says of itself hardly ever changes.
_KEPT_S, _TIMEOUT_S, _MOST_BYTES, _LEEWAY_S = 3600, 5.0, 256 * 1024, 60
# Signatures with the provider's private key: never none, and none that our own secret could make.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_SCOPES = "openid email profile"
_documents: Cache[str, JsonObject] = Cache(_KEPT_S, most=20)


class OidcError(Exception):
    """The provider did not answer, or not in a way that proves anything. The text is for the log, without secrets."""


class Unreachable(OidcError):
    """It did not answer at all, or not now."""


@dataclass(frozen=True)
class Client:
    """What we are to the provider."""

    issuer: str
    client_id: str
    secret: str
    redirect_uri: str


@dataclass(frozen=True)
class Vouched:
    """Whom the provider vouches for. `subject` is theirs for good; the address counts only where it was verified."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    first_name: str
    last_name: str


def address(client: Client, state: str, nonce: str, verifier: str) -> str:
    """Where the person signs in. OidcError."""
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri     # type: ignore[import-untyped]
    from authlib.oauth2.rfc7636 import create_s256_code_challenge       # type: ignore[import-untyped]
    return str(prepare_grant_uri(
        _endpoint(_provider(client), "authorization_endpoint"), client.client_id, "code", client.redirect_uri, _SCOPES,
        state, nonce=nonce, code_challenge=create_s256_code_challenge(verifier), code_challenge_method="S256"))


def person(client: Client, code: str, nonce: str, verifier: str) -> Vouched:
    """Who came back with that code; everything the provider says is checked first. OidcError."""
    provider = _provider(client)
    said = _exchanged(client, provider, code, verifier)
    claims = _checked(client, provider, said, nonce)
    return _vouched(claims | _more(provider, said, claims))


def _provider(client: Client) -> JsonObject:
    """What the provider says of itself, which must be about itself (OpenID Connect Discovery, 4.3)."""
    found = _documents.of(client.issuer, lambda: _get(
        f"{client.issuer.rstrip('/')}/.well-known/openid-configuration"))
    if str(found.get("issuer", "")).rstrip("/") != client.issuer.rstrip("/"):
        _documents.remove(client.issuer)
        raise OidcError("the provider says that it is another one")
    return found


def _endpoint(provider: Values, name: str) -> str:
    url = str(provider.get(name, ""))
    if urlsplit(url).scheme not in ("https", urlsplit(str(provider["issuer"])).scheme):
        raise OidcError(f"{name} is no safe address")
    return url


def _exchanged(client: Client, provider: Values, code: str, verifier: str) -> JsonObject:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.redirect_uri,
            "code_verifier": verifier, "client_id": client.client_id}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    methods = provider.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if client.secret and "client_secret_basic" in methods:      # RFC 6749, 2.3.1
        pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    elif client.secret:
        form["client_secret"] = client.secret
    return _call("POST", _endpoint(provider, "token_endpoint"), headers, urlencode(form).encode())


def _checked(client: Client, provider: Values, said: Values, nonce: str) -> JsonObject:
    """The claims of the id_token: signed by the provider, for us, now, and for this very sign-in."""
    from authlib.oidc.core import CodeIDToken       # type: ignore[import-untyped]
    from joserfc.errors import JoseError
    try:
        token = _verified(provider, str(said.get("id_token", "")))
        claims = CodeIDToken(token.claims, token.header, {
            "iss": {"essential": True, "value": str(provider["issuer"])},
            "aud": {"essential": True, "value": client.client_id}},
            {"nonce": nonce, "client_id": client.client_id, "access_token": said.get("access_token")})
        claims.validate(leeway=_LEEWAY_S)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise OidcError(f"the id_token is not good: {type(error).__name__}") from None
    return dict(claims)


def _verified(provider: Values, given: str) -> "Token":
    """The token with a good signature. A key that we do not know may be new: the provider is asked once more."""
    from joserfc import jwt
    from joserfc.errors import BadSignatureError, InvalidKeyIdError
    url = _endpoint(provider, "jwks_uri")
    try:
        return jwt.decode(given, _keys(url), algorithms=_ALGORITHMS)
    except (BadSignatureError, InvalidKeyIdError):
        _documents.remove(url)
        return jwt.decode(given, _keys(url), algorithms=_ALGORITHMS)


def _keys(url: str) -> "KeySet":
    from joserfc.jwk import KeySet
    found = _documents.of(url, lambda: _get(url))
    return KeySet.import_key_set(found)     # type: ignore[arg-type]  # it checks by itself


def _more(provider: Values, said: Values, claims: Values) -> JsonObject:
    """What the provider tells only where it is asked for it: of the same person (Core, 5.3.2), or nothing."""
    token = said.get("access_token")
    if "email" in claims or not token or not provider.get("userinfo_endpoint"):
        return {}
    found = _call("GET", _endpoint(provider, "userinfo_endpoint"), {"Authorization": f"Bearer {token}"})
    if found.get("sub") != claims["sub"]:
        raise OidcError("the userinfo is about somebody else")
    return {name: found[name] for name in ("email", "email_verified", "name", "given_name", "family_name")
            if name in found}


def _vouched(claims: Values) -> Vouched:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise OidcError("the subject is no subject")
    first, _, last = _text(claims, "name").partition(" ")
    is_verified = claims.get("email_verified") in (True, "true")
    return Vouched(_text(claims, "iss"), subject, _text(claims, "email"), is_verified,
                   _text(claims, "given_name") or first, _text(claims, "family_name") or last)


def _text(claims: Values, name: str) -> str:
    value = claims.get(name)
    return text.one_line(value) if isinstance(value, str) else ""


def _get(url: str) -> JsonObject:
    return _call("GET", url, {})


def _call(method: str, url: str, headers: Mapping[str, str], content: bytes = b"") -> JsonObject:
    try:
        response = http.call(method, url, content=content, headers={"Accept": "application/json", **headers},
                             timeout_s=_TIMEOUT_S, most_bytes=_MOST_BYTES)
    except (http.NotReached, http.InDoubt) as error:
        raise Unreachable(str(error)) from None
    if response.status_code >= 500 or response.cut:
        raise Unreachable(f"the provider said {response.status_code}, or more than we read")
    if response.status_code != 200:
        raise OidcError(f"the provider said {response.status_code}")
    try:
        found = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise OidcError("the provider said what is no JSON object")
    return found
