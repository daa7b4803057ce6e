"""Every setting is one typed line, documented, and loud when wrong."""

import re
from dataclasses import Field, fields
from pathlib import Path

import pytest

from hub.errors import SettingsError
from hub.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
GOOD = {"SESSION_SECRET": "x" * 32}
_KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
_PRODUCTION = {"INTEGRATION_SECRETS_MASTER_KEY": _KEY}


@pytest.mark.parametrize("name", [field.metadata["env"] for field in fields(Settings)])
def test_the_readme_names_it(name: str) -> None:
    assert f"| `{name}` |" in README


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.metadata["env"])
def test_the_example_names_it_with_its_default(field: Field[object]) -> None:
    line = re.search(rf"^#{field.metadata['env']}=(.*)$", EXAMPLE, re.MULTILINE)
    assert line is not None
    assert line[1] in ("", str(field.default).removesuffix(".0"), str(field.default).lower())


def test_nothing_but_the_secret_must_be_set() -> None:
    settings = Settings.load(GOOD)
    assert settings.sqlite and settings.env == "development" and not settings.production and settings.port == 5000


@pytest.mark.parametrize(("name", "value", "says"), [
    ("SESSION_SECRET", "short", "SESSION_SECRET must be set to at least 32 characters"),
    ("APP_ENV", "prod", "APP_ENV must be one of development, staging, production, test, not 'prod'."),
    ("PORT", "five", "PORT must be a number, not 'five'."),
    ("TRUST_PROXY", "maybe", "TRUST_PROXY must be true, false, or a number, not 'maybe'."),
    ("TRUST_PROXY", "-1", "TRUST_PROXY must be a number that is not negative, not '-1'."),
    ("DATABASE_URL", "mysql://x", "DATABASE_URL must begin with sqlite:/// or postgres://."),
    ("REDIS_URL", "localhost", "REDIS_URL must begin with redis://, rediss:// or unix://."),
    ("AI_DEADLINE_SECONDS", "soon", "AI_DEADLINE_SECONDS must be a number, not 'soon'."),
    ("AI_DEADLINE_SECONDS", "nan", "AI_DEADLINE_SECONDS must be a number that is not negative, not 'nan'."),
    ("AI_DEADLINE_SECONDS", "inf", "AI_DEADLINE_SECONDS must be a number that is not negative, not 'inf'."),
    ("SWEEP_SECONDS", "-15", "SWEEP_SECONDS must be a number that is not negative, not '-15'."),
    ("PORT", "   ", "PORT must be a number, not ''."),
    ("PORT", "8080.5", "PORT must be a number, not '8080.5'."),
    ("INTEGRATION_SECRETS_MASTER_KEY", "short", "INTEGRATION_SECRETS_MASTER_KEY must be 32 bytes as base64"),
    ("INTEGRATION_SECRETS_MASTER_KEY", "я" * 44, "INTEGRATION_SECRETS_MASTER_KEY must be 32 bytes as base64"),
    ("INTEGRATION_SECRETS_OLD_KEYS", f"{_KEY},AAAA", "INTEGRATION_SECRETS_OLD_KEYS must be 32 bytes as base64"),
    ("ALLOW_LOOPBACK_URLS", "perhaps", "ALLOW_LOOPBACK_URLS must be true or false, not 'perhaps'."),
    ("OWNER_PASSWORD_HASH", "Owner-1234", "OWNER_PASSWORD_HASH must be a bcrypt hash with 12 rounds"),
    ("OWNER_PASSWORD_HASH", "$2b$10$" + "a" * 53, "OWNER_PASSWORD_HASH must be a bcrypt hash with 12 rounds"),
    ("LOG_LEVEL", "loud", "LOG_LEVEL must be one of debug, info, warning, error, not 'loud'."),
])
def test_a_wrong_value_is_one_sentence(name: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        Settings.load({**GOOD, name: value})
    assert str(wrong.value).startswith(says)


def test_what_is_set_is_read() -> None:
    settings = Settings.load({**GOOD, "TRUST_PROXY": "true", "PORT": "8080", "AI_DEADLINE_SECONDS": "9.5"})
    assert settings.trust_proxy == 1 and settings.port == 8080 and settings.ai_deadline_s == 9.5


@pytest.mark.parametrize(("value", "hops"), [("true", 1), ("TRUE", 1), ("false", 0), ("0", 0), ("1", 1), ("2", 2)])
def test_proxies_are_trusted_by_a_word_or_by_their_number(value: str, hops: int) -> None:
    assert Settings.load({**GOOD, "TRUST_PROXY": value}).trust_proxy == hops


def test_words_are_read_in_any_case() -> None:
    settings = Settings.load({**GOOD, **_PRODUCTION, "APP_ENV": "Production", "LOG_LEVEL": "WARNING"})
    assert settings.production and settings.log_level == "warning"


@pytest.mark.parametrize("env", ["production", "staging"])
def test_production_lets_nobody_reach_what_listens_on_its_machine(env: str) -> None:
    with pytest.raises(SettingsError, match="ALLOW_LOOPBACK_URLS must not be true in production"):
        Settings.load({**GOOD, **_PRODUCTION, "APP_ENV": env, "ALLOW_LOOPBACK_URLS": "true"})
    assert not Settings.load({**GOOD, **_PRODUCTION, "APP_ENV": env}).allow_loopback_urls


@pytest.mark.parametrize("env", ["production", "staging"])
def test_production_encrypts_secrets_with_a_key_of_its_own(env: str) -> None:
    with pytest.raises(SettingsError, match="INTEGRATION_SECRETS_MASTER_KEY must be set in production"):
        Settings.load({**GOOD, "APP_ENV": env})


def test_whatever_opens_a_door_is_marked_as_a_secret() -> None:
    opens = re.compile(r"SECRET|KEY|PASSWORD|TOKEN|DSN|(DATABASE|REDIS)_URL")
    assert {field.metadata["env"] for field in fields(Settings) if field.metadata["secret"]} == {
        name for field in fields(Settings) if opens.search(name := field.metadata["env"])}


@pytest.mark.parametrize("name", ["ADMIN_TOKEN", "WA_WEB_TOKEN", "WEBHOOK_SECRET"])
def test_production_takes_no_short_token(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} must have at least 16 characters in production"):
        Settings.load({**GOOD, **_PRODUCTION, "APP_ENV": "production", name: "sueta"})
    Settings.load({**GOOD, name: "sueta"})


@pytest.mark.parametrize(("changes", "says"), [
    ({}, "OIDC_CLIENT_ID must be set"), ({"OIDC_ISSUER": "id.example"}, "OIDC_ISSUER"),
    ({"OIDC_CLIENT_ID": "hub", "APP_ENV": "production", "OIDC_ISSUER": "http://id.example"}, "OIDC_ISSUER must begin"),
    ({"OIDC_CLIENT_ID": "hub", "APP_ENV": "production"}, "APP_BASE_URL must be set")])
def test_a_provider_that_cannot_work_is_told_at_the_start(changes: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        Settings.load({**GOOD, **_PRODUCTION, "OIDC_ISSUER": "https://id.example", **changes})
