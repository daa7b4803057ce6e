"""Every environment variable the hub reads: one typed line each, checked at start, refused when wrong."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from hub.errors import SettingsError
from hub.lib import connection_urls as urls
from hub.lib import mailbox


_SWITCH = {"true": 1, "false": 0}
_BCRYPT = re.compile(r"\$2[aby]\$12\$[./A-Za-z0-9]{53}")


def _setting(env: str, default: Any, says: str, choices: tuple[str, ...] = (),
             words: Mapping[str, int] = MappingProxyType({}), secret: bool = False) -> Any:
    return field(default=default, metadata={"env": env, "says": says, "choices": choices, "words": words,
                                            "secret": secret})


@dataclass(frozen=True)
class Settings:
    """The settings of one process. Defaults are those of one machine with nothing set."""

    env: str = _setting("APP_ENV", "development", "How strict to be",
                        ("development", "staging", "production", "test"))
    database_url: str = _setting("DATABASE_URL", "sqlite:///data/hub.db", "SQLite file or postgres://…", secret=True)
    database_pool: int = _setting("DATABASE_POOL", 20, "Postgres connections per process at most")
    database_lock_s: float = _setting("DATABASE_LOCK_SECONDS", 5.0,
                                      "How long Postgres waits for a lock before the caller is told to try again; "
                                      "0: as the server says")
    database_statement_s: float = _setting("DATABASE_STATEMENT_SECONDS", 60.0,
                                           "Longest time of one Postgres statement; 0: as the server says")
    sqlite_synchronous: str = _setting("SQLITE_SYNCHRONOUS", "full",
                                       "SQLite: full survives a power cut, normal only a killed process",
                                       ("normal", "full"))
    redis_url: str = _setting("REDIS_URL", "redis://127.0.0.1:6379/0", "Redis: redis://… or unix://…", secret=True)
    chroma_url: str = _setting("CHROMA_URL", "http://127.0.0.1:8000", "Chroma server")
    port: int = _setting("PORT", 5000, "Port of the web process")
    data_dir: str = _setting("DATA_DIR", "data", "Where one machine keeps its files")
    session_secret: str = _setting("SESSION_SECRET", "", "Signs sessions and tokens; at least 32 characters",
                                   secret=True)
    secrets_key: str = _setting("INTEGRATION_SECRETS_MASTER_KEY", "",
                                "Encrypts stored secrets: 32 bytes as base64; required in production", secret=True)
    old_secrets_keys: str = _setting("INTEGRATION_SECRETS_OLD_KEYS", "",
                                     "Earlier such keys, between commas, until scripts.rotate_secrets has run",
                                     secret=True)
    web_processes: int = _setting("WEB_PROCESSES", 2, "Web processes that the supervisor starts")
    allow_loopback_urls: bool = _setting("ALLOW_LOOPBACK_URLS", False,
                                         "Let what a business connects stand on this machine; never in production")
    trust_proxy: int = _setting("TRUST_PROXY", 0, "Believe X-Forwarded-* of so many proxies in front; true: one",
                                words=_SWITCH)
    log_level: str = _setting("LOG_LEVEL", "info", "How much to log", ("debug", "info", "warning", "error"))
    sentry_dsn: str = _setting("SENTRY_DSN", "", "Errors go to Sentry when set", secret=True)
    openai_api_key: str = _setting("OPENAI_API_KEY", "", "Key of the model; empty: offline answers", secret=True)
    openai_base_url: str = _setting("OPENAI_BASE_URL", "https://api.openai.com/v1",
                                    "Any OpenAI-compatible endpoint")
    openai_model: str = _setting("OPENAI_MODEL", "gpt-4.1-mini", "Model that answers")
    openai_embedding_model: str = _setting("OPENAI_EMBEDDING_MODEL", "",
                                           "Model of the vectors, such as text-embedding-3-small; empty: built-in")
    ai_deadline_s: float = _setting("AI_DEADLINE_SECONDS", 25.0, "Whole time one AI answer may take")
    answer_pause_ms: int = _setting("ANSWER_PAUSE_MS", 1000,
                                    "How long the AI waits for more in a burst, where a business does not say")
    sweep_seconds: int = _setting("SWEEP_SECONDS", 15, "How often forgotten work is looked for")
    rate_limit_max: int = _setting("RATE_LIMIT_MAX_REQUESTS", 0,
                                   "API requests per minute and caller; 0: 100 in production, 500 elsewhere")
    rate_limit_ai_max: int = _setting("RATE_LIMIT_AI_MAX_REQUESTS", 0,
                                      "AI requests per minute and caller; 0: 20 in production, 100 elsewhere")
    feature_rag: str = _setting("FEATURE_RAG_ENABLED", "", "Find articles by meaning, or by their words alone; "
                                "empty: as switched by scripts.flag", ("true", "false"))
    feature_ai_suggestions: str = _setting("FEATURE_AI_SUGGESTIONS_ENABLED", "", "Let the AI draft what it may not "
                                           "send; empty: as switched by scripts.flag", ("true", "false"))
    streams_per_caller: int = _setting("STREAMS_PER_CALLER", 30, "Open streams of one visitor or user at most")
    streams_per_address: int = _setting("STREAMS_PER_ADDRESS", 0,
                                        "Open streams of one address at most; 0: 500 in production, 20000 elsewhere")
    streams_per_tenant: int = _setting("STREAMS_PER_TENANT", 20_000, "Open streams of one business at most")
    owner_email: str = _setting("OWNER_EMAIL", "", "Who owns the installation: made at the next start if there is "
                                "nobody of this e-mail")
    owner_password: str = _setting("OWNER_PASSWORD", "", "Their first password; take it away after the first start",
                                   secret=True)
    owner_password_hash: str = _setting("OWNER_PASSWORD_HASH", "", "Instead of it, its bcrypt hash with 12 rounds",
                                        secret=True)
    owner_name: str = _setting("OWNER_NAME", "Platform Owner", "Their name")
    metrics_token: str = _setting("METRICS_TOKEN", "", "Opens /metrics and the details of /ready to other machines",
                                  secret=True)
    admin_token: str = _setting("ADMIN_TOKEN", "", "Opens /admin/key, /admin/keys and /admin/provider-token to your "
                                "own programs; at least 16 characters in production", secret=True)
    wa_web_token: str = _setting("WA_WEB_TOKEN", "", "With it a WhatsApp worker asks for the token of a business",
                                 secret=True)
    webhook_secret: str = _setting("WEBHOOK_SECRET", "", "The same for other workers", secret=True)
    tenants_dir: str = _setting("TENANTS_DIR", "", "Folder that such programs share with the hub; "
                                "empty: DATA_DIR/tenants")
    files_in_database: bool = _setting("FILES_IN_DATABASE", False,
                                       "Keep uploads in the database, where machines share no DATA_DIR/files")
    base_url: str = _setting("APP_BASE_URL", "",
                             "Address at which people reach the hub, such as https://chat.example.com; "
                             "links in letters begin with it, and in production there are none without it")
    sign_up: str = _setting("SIGN_UP", "open", "Who may open a business of their own: everybody, or nobody",
                            ("open", "closed"))
    email_confirmation: bool = _setting("EMAIL_CONFIRMATION_REQUIRED", False,
                                        "Let nobody sign in whose e-mail address is not confirmed")
    subscription_required: bool = _setting(
        "SUBSCRIPTION_REQUIRED", False,
        "Refuse what is paid for (402) to businesses without a plan, a trial or a grant")
    oidc_issuer: str = _setting("OIDC_ISSUER", "", "OpenID provider with which people may sign in, such as "
                                "https://id.example.com; its redirect address is APP_BASE_URL/auth/oidc/callback")
    oidc_client_id: str = _setting("OIDC_CLIENT_ID", "", "As whom it knows the hub")
    oidc_client_secret: str = _setting("OIDC_CLIENT_SECRET", "", "The secret that it gave the hub", secret=True)
    oidc_name: str = _setting("OIDC_NAME", "", "What its button says after “Sign in with”")
    smtp_host: str = _setting("SMTP_HOST", "", "Server that takes our letters; empty: they stay in the outbox page")
    smtp_port: int = _setting("SMTP_PORT", 587, "Its port")
    smtp_security: str = _setting("SMTP_SECURITY", "starttls", "How its connection is secured",
                                  ("tls", "starttls", "none"))
    smtp_user: str = _setting("SMTP_USER", "", "Name to sign in there")
    smtp_password: str = _setting("SMTP_PASSWORD", "", "Password to sign in there", secret=True)
    smtp_from: str = _setting("SMTP_FROM", "", "Sender of the hub's own letters, such as Parley <hello@example.com>")
    proxy_check_url: str = _setting("PROXY_CHECK_URL", "https://api.telegram.org/",
                                    "What proxies are asked to fetch, to see whether they work")
    updates_signed_by: str = _setting("UPDATES_SIGNED_BY", "", "Public key (Ed25519, base64) of whoever signs updates; "
                                    "empty: updates are off")
    max_upload_bytes: int = _setting("MAX_UPLOAD_SIZE_BYTES", 20 * 1024 * 1024, "Largest uploaded file")

    @property
    def production(self) -> bool:
        return self.env in ("production", "staging")

    @property
    def own_url(self) -> str:
        """Where links in letters lead; empty when nobody said."""
        return self.base_url.rstrip("/") or ("" if self.production else f"http://127.0.0.1:{self.port}")

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite:")

    def stated(self, secrets: bool = True) -> dict[str, str]:
        """As the environment says them: what differs from the defaults; without `secrets` nothing that opens a door."""
        values = {f.metadata["env"]: (f, getattr(self, f.name)) for f in fields(self)}
        texts = {name: (f, str(value).lower() if isinstance(value, bool) else str(value))
                 for name, (f, value) in values.items() if value != f.default}
        return {name: text for name, (f, text) in texts.items()
                if secrets or not (f.metadata["secret"] or urls.has_login(text))}

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> "Settings":
        """Settings from the environment. Raises SettingsError with one sentence about the first wrong value."""
        given = {f.name: _read(f.metadata, f.type, environ) for f in fields(cls) if environ.get(f.metadata["env"])}
        return _checked(cls(**given))


def _read(meta: Mapping[str, Any], kind: Any, environ: Mapping[str, str]) -> Any:
    name, text = meta["env"], environ[meta["env"]].strip()
    if meta["choices"] and text.lower() not in meta["choices"]:
        raise SettingsError(f"{name} must be one of {', '.join(meta['choices'])}, not {text!r}.")
    if meta["choices"] or text.lower() in meta["words"]:
        return meta["words"].get(text.lower(), text.lower())
    if kind is bool:
        if text.lower() not in ("true", "false", "1", "0"):
            raise SettingsError(f"{name} must be true or false, not {text!r}.")
        return text.lower() in ("true", "1")
    try:
        value = kind(text)
    except ValueError:
        wanted = ", ".join([*meta["words"], "or a number"]) if meta["words"] else "a number"
        raise SettingsError(f"{name} must be {wanted}, not {text!r}.") from None
    if kind is not str and not 0 <= value < float("inf"):
        raise SettingsError(f"{name} must be a number that is not negative, not {text!r}.")
    return value


def _checked(settings: Settings) -> Settings:
    if len(settings.session_secret) < 32:
        raise SettingsError("SESSION_SECRET must be set to at least 32 characters "
                            "(scripts/run makes one by itself).")
    if not settings.database_url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgres://.")
    if not settings.redis_url.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("REDIS_URL must begin with redis://, rediss:// or unix://.")
    _check_keys(settings)
    if settings.owner_password_hash and not _BCRYPT.fullmatch(settings.owner_password_hash):
        raise SettingsError("OWNER_PASSWORD_HASH must be a bcrypt hash with 12 rounds ($2b$12$…).")
    if settings.smtp_host and not settings.smtp_from:
        raise SettingsError("SMTP_FROM must be set where SMTP_HOST is: who the letters are from.")
    _check_sender(settings.smtp_from)
    for name, token in (("ADMIN_TOKEN", settings.admin_token), ("WA_WEB_TOKEN", settings.wa_web_token),
                        ("WEBHOOK_SECRET", settings.webhook_secret)):
        if settings.production and 0 < len(token) < 16:
            raise SettingsError(f"{name} must have at least 16 characters in production.")
    _check_oidc(settings)
    if settings.allow_loopback_urls and settings.production:
        raise SettingsError("ALLOW_LOOPBACK_URLS must not be true in production: whoever may connect a system of "
                            "theirs could reach what listens on this machine.")
    for name, look, url in (
            ("DATABASE_URL", urls.sqlite if settings.sqlite else urls.postgres, settings.database_url),
            ("REDIS_URL", urls.check_redis, settings.redis_url), ("CHROMA_URL", urls.check_http, settings.chroma_url),
            ("OPENAI_BASE_URL", urls.check_http, settings.openai_base_url),
            ("PROXY_CHECK_URL", urls.check_http, settings.proxy_check_url),
            ("APP_BASE_URL", urls.check_http, settings.base_url or "https://parley.example")):
        _check_address(name, look, url)
    return settings


def _check_oidc(settings: Settings) -> None:
    if not settings.oidc_issuer:
        return
    _check_address("OIDC_ISSUER", urls.check_http, settings.oidc_issuer)
    if not settings.oidc_client_id:
        raise SettingsError("OIDC_CLIENT_ID must be set where OIDC_ISSUER is: as whom it knows the hub.")
    if settings.production and not settings.oidc_issuer.startswith("https://"):
        raise SettingsError("OIDC_ISSUER must begin with https:// in production: who listens could sign in as anybody.")
    if not settings.own_url:
        raise SettingsError("APP_BASE_URL must be set where OIDC_ISSUER is: people come back to it from there.")


def _check_address(name: str, look: Callable[[str], object], url: str) -> None:
    try:
        look(url)
    except urls.WrongAddress as error:
        raise SettingsError(f"{name}{error}") from None
    except ValueError:
        raise SettingsError(f"{name} is not an address.") from None


def _check_sender(said: str) -> None:
    try:
        if said:
            mailbox.sender(said)
    except ValueError:
        raise SettingsError("SMTP_FROM must be an e-mail address, or a name with one: Parley <hello@example.com>."
                            ) from None


def _check_keys(settings: Settings) -> None:
    if settings.production and not settings.secrets_key:
        raise SettingsError("INTEGRATION_SECRETS_MASTER_KEY must be set in production: 32 random bytes as base64 "
                            "(openssl rand -base64 32), kept as safe as the database.")
    for name, text in (("INTEGRATION_SECRETS_MASTER_KEY", settings.secrets_key),
                       *(("INTEGRATION_SECRETS_OLD_KEYS", text) for text in settings.old_secrets_keys.split(","))):
        if text.strip() and not _is_key(text):
            raise SettingsError(f"{name} must be 32 bytes as base64 (openssl rand -base64 32).")
    if settings.updates_signed_by and not _is_key(settings.updates_signed_by):
        raise SettingsError("UPDATES_SIGNED_BY must be what python -m scripts.pack_update --new-key prints.")


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)) == 32
    except ValueError:
        return False


_current: Settings | None = None


def use_settings(settings: Settings) -> Settings:
    """Make these the settings of this process."""
    global _current
    _current = settings
    return settings


def current_settings() -> Settings:
    if _current is None:
        raise RuntimeError("use_settings() has not been called")
    return _current
