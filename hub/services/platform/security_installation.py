"""The looks of the security report at the whole installation; the words are in security_rules.py."""

from collections.abc import Callable, Mapping
from http.cookies import SimpleCookie

from hub.lib import keyring
from hub.services.platform import security_facts as facts
from hub.services.platform.security_facts import Seen
from hub.services.platform.security_rules import GOOD, Found, fail, warn
from hub.settings import Settings

# Words of examples and of tests, which are no secrets.
_KNOWN = ("change", "secret", "example", "password", "0123456789", "abcdef")
_STRONG_BITS, _STRONG_BYTES, _TOKEN_BITS = 90, 20, 64
_MANY = 1000


def _mode(settings: Settings, seen: Seen) -> Found:
    if seen.is_debugging:
        return fail("debug")
    return GOOD if settings.production else fail()


def _session_secret(settings: Settings, seen: Seen) -> Found:
    text = settings.session_secret
    is_known = any(word in text.lower() for word in _KNOWN)
    return fail() if is_known or facts.bits(text) < _STRONG_BITS else GOOD


def _master_key(settings: Settings, seen: Seen) -> Found:
    if not settings.secrets_key:
        return warn()
    return GOOD if len(set(keyring.parse(settings.secrets_key))) >= _STRONG_BYTES else fail("weak")


def _rotation(settings: Settings, seen: Seen) -> Found:
    stale, lost = facts.stale_secrets()
    if lost:
        return fail("lost", count=lost)
    return warn(count=stale) if stale else GOOD


def _https(settings: Settings, seen: Seen) -> Found:
    if seen.scheme != "https":
        return warn("local") if facts.is_local(settings.own_url or "http://") and not seen.hops else fail()
    return GOOD if settings.own_url.startswith("https://") else fail("links")


def _proxy(settings: Settings, seen: Seen) -> Found:
    if not settings.trust_proxy:
        return fail() if seen.hops else GOOD
    if not seen.hops:
        return fail("past")
    return GOOD if seen.hops >= settings.trust_proxy else warn("hops", told=settings.trust_proxy, seen=seen.hops)


def _cookies(settings: Settings, seen: Seen) -> Found:
    kept = [one for text in seen.cookies for one in SimpleCookie(text).values()]
    if not all(one["httponly"] and one["samesite"] in ("Lax", "Strict") for one in kept):
        return fail("open")
    return GOOD if kept and all(one["secure"] for one in kept) else fail()


def _policy(settings: Settings, seen: Seen) -> Found:
    said = seen.headers.get("content-security-policy", "")
    is_strict = ("default-src 'none'" in said and "script-src 'self'" in said and "frame-ancestors 'none'" in said
                 and "unsafe" not in said)
    return GOOD if is_strict and seen.headers.get("x-content-type-options") == "nosniff" else fail()


def _owner_password(settings: Settings, seen: Seen) -> Found:
    given = settings.owner_password
    if not given:
        return GOOD
    return fail("opens") if any(facts.opens(given, user) for user in facts.of_platform()) else warn()


def _usual_passwords(settings: Settings, seen: Seen) -> Found:
    found = facts.with_usual_password(facts.of_platform())
    return fail(count=len(found)) if found else GOOD


def _sign_up(settings: Settings, seen: Seen) -> Found:
    return warn() if settings.sign_up == "open" and not settings.email_confirmation else GOOD


def _mail(settings: Settings, seen: Seen) -> Found:
    if not settings.smtp_host:
        return warn()
    if settings.smtp_security == "none" and not facts.is_local(f"smtp://{settings.smtp_host}"):
        return fail("plain")
    failed = facts.failed_letters()
    return warn("failed", count=failed) if failed else GOOD


def _backups(settings: Settings, seen: Seen) -> Found:
    days = facts.backup_age_days(settings)
    if days is None:
        return fail()
    return GOOD if days < 2 else (warn if days < 7 else fail)("old", days=int(days))


def _database(settings: Settings, seen: Seen) -> Found:
    if settings.sqlite:
        return GOOD if facts.is_private(facts.database_file(settings)) else fail("file")
    if not facts.is_encrypted(settings):
        return fail("plain")
    return warn("superuser") if facts.is_superuser() else GOOD


def _folder(settings: Settings, seen: Seen) -> Found:
    return GOOD if facts.is_private(settings.data_dir) else warn()


def _redis(settings: Settings, seen: Seen) -> Found:
    if not facts.is_local(settings.redis_url) and "@" not in settings.redis_url:
        return fail()
    policy = facts.redis_policy()
    return GOOD if policy in ("", "noeviction") else fail("policy", policy=policy)


def _loopback(settings: Settings, seen: Seen) -> Found:
    return fail() if settings.allow_loopback_urls else GOOD


def _limits(settings: Settings, seen: Seen) -> Found:
    return warn(count=settings.rate_limit_max) if settings.rate_limit_max > _MANY else GOOD


def _log(settings: Settings, seen: Seen) -> Found:
    return warn() if settings.log_level == "debug" else GOOD


def _token(settings: Settings, seen: Seen) -> Found:
    return warn() if settings.metrics_token and facts.bits(settings.metrics_token) < _TOKEN_BITS else GOOD


CHECKS: Mapping[str, Callable[[Settings, Seen], Found]] = {
    "PRODUCTION_MODE": _mode, "SESSION_SECRET": _session_secret, "MASTER_KEY": _master_key, "KEY_ROTATION": _rotation,
    "HTTPS": _https, "TRUST_PROXY": _proxy, "COOKIES": _cookies, "CONTENT_POLICY": _policy,
    "OWNER_PASSWORD": _owner_password, "USUAL_PASSWORDS": _usual_passwords, "SIGN_UP": _sign_up, "MAIL": _mail,
    "BACKUPS": _backups, "DATABASE": _database, "DATA_FOLDER": _folder, "REDIS": _redis, "LOOPBACK_URLS": _loopback,
    "LIMITS": _limits, "LOG_LEVEL": _log, "METRICS_TOKEN": _token}
