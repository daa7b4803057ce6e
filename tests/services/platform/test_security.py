"""The security report: each check looks at the fact itself."""

import base64
import os
import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub import queue
from hub.access import passwords
from hub.lib import archive, clock, ids, keyring
from hub.models import base
from hub.models.accounts.user import User
from hub.models.channels.channel import Channel
from hub.models.platform.mail import Mail, MailKind
from hub.services.platform import security_facts, security_installation
from hub.services.platform.security_facts import Seen
from hub.services.platform.security_rules import RULES
from hub.settings import Settings
from tests import factories
from tests.client import Client
from tests.factories import PASSWORD, People

READINESS = "/api/admin/security/readiness"
CSP = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"
SEEN = Seen("https", 1, False, {"content-security-policy": CSP, "x-content-type-options": "nosniff"},
            ["a=1; HttpOnly; SameSite=Lax; Secure"])
KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def root(app: Any, people: People) -> Client:
    return Client(app, factories.make_user(factories.make_tenant(), "owner", is_platform_owner=True,
                                           last_login_at=clock.now(), email_verified_at=clock.now()))


def found(client: Client) -> dict[str, tuple[str, str]]:
    return {one["code"]: (one["status"], one["message"]) for one in client.get(READINESS)["checks"]}


def status(settings: Settings, code: str, seen: Seen = SEEN, **changes: Any) -> tuple[str, str]:
    result = security_installation.CHECKS[code](replace(settings, **changes), seen)
    assert result.status == "PASS" or result.why in RULES[code].bad
    return result.status, result.why


def test_the_looks_at_a_business_are_at_its_own_rows(alice: Client, people: People) -> None:
    foreign = factories.make_site(people.other)
    assert found(alice)["SITE_DOMAINS"][0] == "PASS"
    site = factories.make_site(people.tenant)
    assert found(alice)["SITE_DOMAINS"] == ("WARN", "Site chats that any page may show as its own: 1.")
    Channel.update(config={"allowed_domains": ["shop.example"]}).where(Channel.id == site.id).execute()
    assert found(alice)["SITE_DOMAINS"][0] == "PASS" and found(alice)["CONFIRMED_ADDRESSES"][0] == "WARN"
    User.update(email_verified_at=clock.now(), created_at=clock.ahead(-100 * 86_400)).execute()
    assert found(alice)["CONFIRMED_ADDRESSES"][0] == "PASS" and found(alice)["IDLE_PEOPLE"][0] == "WARN"
    User.update(last_login_at=clock.now()).execute()
    assert found(alice)["IDLE_PEOPLE"][0] == "PASS"
    other = keyring.Keyring(b"1" * 32).seal("hush", "channel.secret")
    for row, expected in ((foreign, "PASS"), (site, "FAIL")):
        base.db.execute_sql(f"UPDATE channel SET secret = '{other}' WHERE id = {row.id}")
        assert found(alice)["CHANNEL_SECRETS"][0] == expected


@pytest.mark.parametrize(("code", "changes", "expected"), [
    ("PRODUCTION_MODE", {"env": "production"}, ("PASS", "")), ("PRODUCTION_MODE", {}, ("FAIL", "")),
    ("SESSION_SECRET", {"session_secret": ids.digest("b")[:48]}, ("PASS", "")),
    ("SESSION_SECRET", {"session_secret": "ab" * 40}, ("FAIL", "")),
    ("SESSION_SECRET", {"session_secret": "x1y2z3w4" * 10}, ("FAIL", "")),
    ("SESSION_SECRET", {"session_secret": ids.digest("a")[:32]}, ("PASS", "")),
    ("SESSION_SECRET", {"session_secret": "change-me-" + ids.digest("b")[:48]}, ("FAIL", "")),
    ("MASTER_KEY", {"secrets_key": KEY}, ("PASS", "")), ("MASTER_KEY", {}, ("WARN", "")),
    ("MASTER_KEY", {"secrets_key": base64.b64encode(b"k" * 32).decode()}, ("FAIL", "weak")),
    ("SIGN_UP", {"sign_up": "open"}, ("WARN", "")), ("SIGN_UP", {"sign_up": "closed"}, ("PASS", "")),
    ("SIGN_UP", {"email_confirmation": True}, ("PASS", "")),
    ("LOOPBACK_URLS", {"allow_loopback_urls": True}, ("FAIL", "")),
    ("LOOPBACK_URLS", {"allow_loopback_urls": False}, ("PASS", "")),
    ("LIMITS", {"rate_limit_max": 100_000}, ("WARN", "")), ("LIMITS", {}, ("PASS", "")),
    ("LOG_LEVEL", {"log_level": "debug"}, ("WARN", "")), ("LOG_LEVEL", {"log_level": "info"}, ("PASS", "")),
    ("METRICS_TOKEN", {"metrics_token": "1234"}, ("WARN", "")), ("METRICS_TOKEN", {}, ("PASS", "")),
    ("METRICS_TOKEN", {"metrics_token": ids.digest("b")[:48]}, ("PASS", "")),
    ("MAIL", {}, ("WARN", "")), ("MAIL", {"smtp_host": "mail.example"}, ("PASS", "")),
    ("MAIL", {"smtp_host": "mail.example", "smtp_security": "none"}, ("FAIL", "plain")),
    ("MAIL", {"smtp_host": "127.0.0.1", "smtp_security": "none"}, ("PASS", "")),
    ("REDIS", {"redis_url": "redis://cache.example/0"}, ("FAIL", "")), ("REDIS", {}, ("PASS", "")),
    ("HTTPS", {"base_url": "https://chat.example"}, ("PASS", "")),
    ("HTTPS", {"base_url": "http://chat.example"}, ("FAIL", "links")),
    ("TRUST_PROXY", {"trust_proxy": 0}, ("FAIL", "")), ("TRUST_PROXY", {"trust_proxy": 1}, ("PASS", "")),
    ("TRUST_PROXY", {"trust_proxy": 2}, ("WARN", "hops")), ("COOKIES", {}, ("PASS", "")),
    ("CONTENT_POLICY", {}, ("PASS", ""))])
def test_a_setting_is_judged_by_what_it_does(
        app: Any, settings: Settings, code: str, changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert status(settings, code, **changes) == expected


@pytest.mark.parametrize(("code", "values", "changes", "expected"), [
    ("PRODUCTION_MODE", {"is_debugging": True}, {"env": "production"}, ("FAIL", "debug")),
    ("HTTPS", {"scheme": "http"}, {"base_url": "https://chat.example"}, ("FAIL", "")),
    ("HTTPS", {"scheme": "http", "hops": 0}, {}, ("WARN", "local")),
    ("TRUST_PROXY", {"hops": 0}, {"trust_proxy": 1}, ("FAIL", "past")),
    ("TRUST_PROXY", {"hops": 0}, {}, ("PASS", "")),
    ("COOKIES", {"cookies": ["a=1; HttpOnly; SameSite=Lax"]}, {}, ("FAIL", "")),
    ("COOKIES", {"cookies": ["a=1; Secure; SameSite=Lax"]}, {}, ("FAIL", "open")),
    ("COOKIES", {"cookies": ["a=1; HttpOnly; SameSite=None; Secure"]}, {}, ("FAIL", "open")),
    ("CONTENT_POLICY", {"headers": {"content-security-policy": CSP}}, {}, ("FAIL", "")),
    ("CONTENT_POLICY", {"headers": {**SEEN.headers, "content-security-policy": f"{CSP}; style-src 'unsafe-inline'"}},
     {}, ("FAIL", ""))])
def test_what_the_outside_sees_counts(settings: Settings, code: str, values: dict[str, Any], changes: dict[str, Any],
                                      expected: tuple[str, str]) -> None:
    assert status(settings, code, replace(SEEN, **values), **changes) == expected


def test_our_own_page_is_really_asked(root: Client, app: Any) -> None:
    first = found(root)
    assert first["CONTENT_POLICY"][0] == "PASS" and first["TRUST_PROXY"][0] == "PASS"
    assert first["COOKIES"] == ("FAIL", "Cookies may travel without encryption.")
    client = Client(app, root.user, {"X-Forwarded-For": "203.0.113.9"})
    assert found(client)["TRUST_PROXY"][0] == "FAIL"


def test_passwords_are_tried_not_trusted(root: Client, use: Any) -> None:
    assert found(root)["USUAL_PASSWORDS"][0] == "PASS" and found(root)["OWNER_PASSWORD"][0] == "PASS"
    use(owner_password=PASSWORD)
    assert "still opens" in found(root)["OWNER_PASSWORD"][1]
    User.update(password_hash=passwords.hashed("Password1")).where(User.is_platform_owner).execute()
    root.headers = Client(root.app, User.get(User.is_platform_owner)).headers
    assert found(root)["OWNER_PASSWORD"] == ("WARN", "OWNER_PASSWORD is still in the environment.")
    assert found(root)["USUAL_PASSWORDS"][0] == "FAIL"


def test_secrets_under_older_keys_are_counted(root: Client, people: People) -> None:
    assert found(root)["KEY_ROTATION"][0] == "PASS"
    site = factories.make_site(people.tenant)
    for text, expected in (("plain", ("WARN", "Secrets under an older key or none: 1.")),
                           (keyring.Keyring(b"1" * 32).seal("hush", "channel.secret"), (
                               "FAIL", "Secrets that no key of this installation opens: 1."))):
        base.db.execute_sql(f"UPDATE channel SET secret = '{text}' WHERE id = {site.id}")
        assert found(root)["KEY_ROTATION"] == expected


def test_letters_that_failed_are_counted(app: Any, settings: Settings) -> None:
    for state, ago in (("failed", 0), ("failed", 2 * 86_400), ("sent", 0)):
        Mail.create(kind=MailKind.RESET, recipient="a@b.example", state=state, created_at=clock.ahead(-ago))
    assert status(settings, "MAIL", smtp_host="mail.example") == ("WARN", "failed")
    assert security_facts.failed_letters() == 1


@pytest.mark.parametrize(("days", "expected"), [(0, "PASS"), (3, "WARN"), (8, "FAIL"), (None, "FAIL")])
def test_the_age_of_the_newest_backup_counts(settings: Settings, tmp_path: Path, days: int | None,
                                             expected: str) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for number, age in enumerate([] if days is None else [days, 300]):
        file = folder / f"{number}.tar"
        file.write_bytes(b"backup")
        os.utime(file, (time.time() - age * 86_400 - 60,) * 2)
    assert status(settings, "BACKUPS", data_dir=str(tmp_path))[0] == expected


def test_what_a_killed_backup_left_is_no_backup(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "backups" / "parley-1.tar.gz"
    path.parent.mkdir()
    writing = archive.written(path)
    writing.__enter__().add_bytes("head.json", random.randbytes(1 << 20))
    assert any(draft.stat().st_size for draft in path.parent.iterdir())
    assert status(settings, "BACKUPS", data_dir=str(tmp_path))[0] == "FAIL"
    writing.__exit__(None, None, None)
    assert status(settings, "BACKUPS", data_dir=str(tmp_path))[0] == "PASS"


def test_what_others_on_the_machine_can_read_is_told(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "hub.db"
    file.touch()
    for mode, expected in ((0o644, ("FAIL", "file")), (0o600, ("PASS", ""))):
        file.chmod(mode)
        assert status(settings, "DATABASE", database_url=f"sqlite:///{file}") == expected
    for mode, folder in ((0o755, ("WARN", "")), (0o700, ("PASS", ""))):
        tmp_path.chmod(mode)
        assert status(settings, "DATA_FOLDER", data_dir=str(tmp_path)) == folder


def test_a_redis_that_throws_work_away_is_told(app: Any, settings: Settings) -> None:
    queue.redis().config_set("maxmemory-policy", "allkeys-lru")
    try:
        assert status(settings, "REDIS") == ("FAIL", "policy")
    finally:
        queue.redis().config_set("maxmemory-policy", "noeviction")


@pytest.mark.postgres
def test_the_database_user_and_its_connection_are_asked(app: Any, settings: Settings) -> None:
    """The cluster of the tests is on this machine, and its one user may do everything."""
    assert status(settings, "DATABASE") == ("WARN", "superuser")
    assert status(settings, "DATABASE", database_url="postgres://db.example/hub") == ("FAIL", "plain")
