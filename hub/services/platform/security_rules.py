"""The security report: its shape, and the words and weights of its checks, one row for each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from hub.lib.fields import N_


class Area(StrEnum):
    INSTALLATION = "installation"
    BUSINESS = "business"


Status = Literal["PASS", "WARN", "FAIL"]


@dataclass(frozen=True)
class Check:
    """One fact: what it is, and what to do about it. `message` and `action` are filled with `values`."""

    code: str
    area: Area
    status: Status
    message: str
    action: str
    weight: int
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def said(self) -> str:
        return self.message % self.values

    @property
    def advice(self) -> str:
        return self.action % self.values


@dataclass(frozen=True)
class Report:
    """All of it; ready when nothing fails."""

    checks: list[Check]

    @property
    def ready(self) -> bool:
        return all(check.status != "FAIL" for check in self.checks)

    @property
    def score(self) -> int:
        """0 to 100: the weights of what is in order, and half of what could be better."""
        worth = {"PASS": 1.0, "WARN": 0.5, "FAIL": 0.0}
        whole = sum(check.weight for check in self.checks)
        return round(100 * sum(worth[check.status] * check.weight for check in self.checks) / whole)

    @property
    def recommendations(self) -> list[str]:
        """What to do, what weighs most first."""
        order = {"FAIL": 0, "WARN": 1}
        wrong = [check for check in self.checks if check.status != "PASS"]
        return [check.advice for check in sorted(wrong, key=lambda one: (order[one.status], -one.weight))]


@dataclass(frozen=True)
class Found:
    """What a look found: `why` names one of the rule's sentences, which `values` fill."""

    status: Status = "PASS"
    why: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


GOOD = Found()


def warn(why: str = "", **values: object) -> Found:
    return Found("WARN", why, values)


def fail(why: str = "", **values: object) -> Found:
    return Found("FAIL", why, values)


@dataclass(frozen=True)
class Rule:
    """`good`: how it should be; `bad`: what else it may be, by why; `action`: what to do then."""

    weight: int
    good: str
    bad: Mapping[str, str]
    action: str
    area: Area = Area.INSTALLATION


RULES: dict[str, Rule] = {
    "PRODUCTION_MODE": Rule(20, N_("The hub runs in production mode."), {
        "": N_("The hub runs in development mode, which is lenient with strangers."),
        "debug": N_("The debugger is on: whoever meets an error could run commands.")},
        N_("Set APP_ENV=production and restart.")),
    "SESSION_SECRET": Rule(20, N_("The secret that signs sessions is strong."), {
        "": N_("The secret that signs sessions can be guessed.")},
        N_("Set SESSION_SECRET to the output of: openssl rand -base64 48. Everybody signs in again.")),
    "MASTER_KEY": Rule(20, N_("Stored secrets have a strong key of their own."), {
        "": N_("Stored secrets are encrypted with a key made of SESSION_SECRET."),
        "weak": N_("The key of stored secrets can be guessed.")},
        N_("Set INTEGRATION_SECRETS_MASTER_KEY to the output of: openssl rand -base64 32.")),
    "KEY_ROTATION": Rule(5, N_("Every stored secret is under the present key."), {
        "": N_("Secrets under an older key or none: %(count)d."),
        "lost": N_("Secrets that no key of this installation opens: %(count)d.")},
        N_("Run python -m scripts.rotate_secrets, with the earlier key in INTEGRATION_SECRETS_OLD_KEYS.")),
    "HTTPS": Rule(20, N_("Pages are served over HTTPS, and links lead there."), {
        "": N_("This page came without encryption: passwords can be read on the way."),
        "links": N_("Links in letters do not begin with https://."),
        "local": N_("Pages come without encryption, but only to this machine.")},
        N_("Put a server with a certificate in front, set APP_BASE_URL=https://… and TRUST_PROXY.")),
    "TRUST_PROXY": Rule(15, N_("Visitors' addresses are read where the proxy writes them."), {
        "": N_("A proxy is in front, but TRUST_PROXY is not set: all visitors count as one."),
        "past": N_("TRUST_PROXY is set, but this request came past the proxy: anybody can pretend any address."),
        "hops": N_("TRUST_PROXY counts %(told)d proxies, but only %(seen)d named themselves.")},
        N_("Set TRUST_PROXY to the number of proxies in front, and let nobody reach the hub past them.")),
    "COOKIES": Rule(15, N_("Cookies are kept from scripts, other sites and open connections."), {
        "": N_("Cookies may travel without encryption."),
        "open": N_("A cookie can be read by scripts or sent along by other sites.")},
        N_("Set APP_ENV=production; look for a proxy that changes Set-Cookie.")),
    "CONTENT_POLICY": Rule(15, N_("Pages run nothing but our own scripts and stand in no frame."), {
        "": N_("Pages lack a strict Content-Security-Policy or nosniff.")},
        N_("Look for a proxy that takes away Content-Security-Policy or X-Content-Type-Options.")),
    "OWNER_PASSWORD": Rule(10, N_("The environment holds no password of a person."), {
        "": N_("OWNER_PASSWORD is still in the environment."),
        "opens": N_("OWNER_PASSWORD is still in the environment and still opens the owner's account.")},
        N_("Change the owner's password and take OWNER_PASSWORD away.")),
    "USUAL_PASSWORDS": Rule(20, N_("Nobody who looks after the installation has one of the usual passwords."), {
        "": N_("People of the platform with a password that anybody would try first: %(count)d.")},
        N_("Let them choose other passwords at once.")),
    "SIGN_UP": Rule(5, N_("Strangers cannot open a business, or must confirm their address first."), {
        "": N_("Anybody can open a business here without confirming an address.")},
        N_("Set SIGN_UP=closed or EMAIL_CONFIRMATION_REQUIRED=true.")),
    "MAIL": Rule(10, N_("Letters go out over an encrypted connection."), {
        "": N_("There is no mail server: nobody can reset a password or confirm an address."),
        "plain": N_("Letters, with links that open accounts, go out without encryption."),
        "failed": N_("Letters that could not be sent in the last day: %(count)d.")},
        N_("Set SMTP_HOST, SMTP_FROM and SMTP_SECURITY, and send a test letter.")),
    "BACKUPS": Rule(15, N_("The newest backup is less than two days old."), {
        "": N_("There is no backup in DATA_DIR/backups."),
        "old": N_("The newest backup is %(days)d days old.")},
        N_("Run scripts/backup every night and keep a copy elsewhere.")),
    "DATABASE": Rule(15, N_("Only the hub can read the database."), {
        "file": N_("Other users of this machine can read the database file."),
        "plain": N_("The connection to the database is not encrypted."),
        "superuser": N_("The hub's database user may do everything on the whole server.")},
        N_("Restrict the file to the hub's user (chmod 600), or use sslmode=require and a database user of its own.")),
    "DATA_FOLDER": Rule(10, N_("Only the hub can read uploaded files."), {
        "": N_("Other users of this machine can look into the data folder.")},
        N_("Restrict the folder to the hub's user: chmod 700.")),
    "REDIS": Rule(10, N_("Redis keeps what it is given and lets in only the hub."), {
        "": N_("Redis is on another machine and asks for no password."),
        "policy": N_("Redis throws away work when its memory is full (%(policy)s).")},
        N_("Set a password in REDIS_URL, and maxmemory-policy noeviction.")),
    "LOOPBACK_URLS": Rule(10, N_("What businesses connect cannot reach this machine."), {
        "": N_("ALLOW_LOOPBACK_URLS is on: businesses can reach what listens on this machine.")},
        N_("Take ALLOW_LOOPBACK_URLS away.")),
    "LIMITS": Rule(5, N_("Callers are slowed down before they harm others."), {
        "": N_("One caller may send %(count)d requests a minute.")},
        N_("Take RATE_LIMIT_MAX_REQUESTS away or set it below 1000.")),
    "LOG_LEVEL": Rule(5, N_("The log says no more than it must."), {"": N_("The log is set to debug.")},
                      N_("Take LOG_LEVEL=debug away.")),
    "METRICS_TOKEN": Rule(5, N_("The token of /metrics is strong, or there is none."), {
        "": N_("METRICS_TOKEN can be guessed.")},
        N_("Set METRICS_TOKEN to the output of: openssl rand -hex 24.")),
    "SITE_DOMAINS": Rule(10, N_("Every site chat names the domains it may stand on."), {
        "": N_("Site chats that any page may show as its own: %(count)d.")},
        N_("Name the domains under Settings → Site chat."), Area.BUSINESS),
    "CONFIRMED_ADDRESSES": Rule(10, N_("Owners and administrators have confirmed their addresses."), {
        "": N_("Owners and administrators with an address that nobody confirmed: %(count)d.")},
        N_("Let them confirm it under their own profile, or a reset letter may reach a stranger."), Area.BUSINESS),
    "IDLE_PEOPLE": Rule(5, N_("Everybody who may change settings has been here lately."), {
        "": N_("Owners and administrators who have not signed in for 90 days: %(count)d.")},
        N_("Disable who is not needed any more under Settings → Team."), Area.BUSINESS),
    "CHANNEL_SECRETS": Rule(10, N_("The secrets of all channels can be read."), {
        "": N_("Channels whose secret cannot be read with the keys of this installation: %(count)d.")},
        N_("Enter the secret of the channel again."), Area.BUSINESS),
}
