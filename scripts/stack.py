"""Parley on one machine: which processes there are, in which order they start, and what is said when all are up."""

import fcntl
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scripts import StartError, envfile, one_sentence, probes, redis_server
from scripts.child import Child
from scripts.options import ROOT, Options, parse
from scripts.releases import Releases
from scripts.supervisor import Supervisor, tell

DEFAULT_PORT = 5000


@dataclass(frozen=True)
class Plan:
    """What was decided before anything starts. `env` is what the children get on top of our environment."""

    options: Options
    port: int
    shop_port: int
    env: Mapping[str, str]
    redis: redis_server.RedisServer | None = None       # None: somebody else's
    chroma_port: int | None = None
    python: str = sys.executable        # a release with libraries of its own has its own
    demo: dict[str, Any] = field(default_factory=dict)      # what the seed says: site, owner, operator

    @property
    def hub(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def shop(self) -> str:
        return f"http://127.0.0.1:{self.shop_port}"


def main(arguments: list[str]) -> int:
    """Run everything until a signal comes; the exit status. 2: could not start, one sentence on stderr says why."""
    os.umask(0o077)     # for us and every process that we start
    with one_sentence():
        environ = {**envfile.read(ROOT / ".env"), **os.environ}
        options = parse(arguments, environ)
        lock = claim(options)
        plan = prepare(options, environ)
    os.environ.update({**environ, **plan.env})
    releases = Releases(options.data, lambda python: children(replace(plan, python=python)))

    def up() -> None:
        releases.proved()
        announce(plan)

    try:
        return Supervisor(*releases.crew(), up, releases.is_over, releases.following).run()
    finally:
        if options.ready_file:
            options.ready_file.unlink(missing_ok=True)
        if plan.redis and plan.redis.scratch:
            shutil.rmtree(plan.redis.scratch, ignore_errors=True)
        os.close(lock)


# Before anything starts

def claim(options: Options, timeout_s: float = 3.0) -> int:
    """Make the data folder ours, or raise StartError: two Redis servers in one folder would ruin it.

    The wait is for the moment that the watchdog needs after a kill -9. Gives the open lock.
    """
    deadline = time.monotonic() + timeout_s
    try:
        options.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        _close_to_others(options.data)
        handle = os.open(options.data / "parley.lock", os.O_CREAT | os.O_RDWR, 0o600)
        if options.ready_file:
            options.ready_file.unlink(missing_ok=True)
            options.ready_file.touch(0o600)
            options.ready_file.unlink()
    except OSError as error:
        raise StartError(f"Cannot write to {error.filename or options.data}: {error.strerror}.") from None
    while not _locked(handle):
        if time.monotonic() > deadline:
            owner = os.pread(handle, 20, 0).decode()
            raise StartError(f"Parley already runs on {options.data} (process {owner}); "
                             "stop it or choose another --data folder.")
        time.sleep(0.1)
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)
    return handle


def _close_to_others(folder: Path) -> None:
    """A folder that was there before us may be open to everybody, and so would be the database in it."""
    with suppress(PermissionError):     # somebody else's folder, in which we may write
        folder.chmod(folder.stat().st_mode & 0o700)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def prepare(options: Options, environ: Mapping[str, str]) -> Plan:
    """Ports, secrets and addresses. Raises StartError with one sentence."""
    _raise_open_files()
    port = _hub_port(options.port)
    env = {"DATA_DIR": str(options.data), "PORT": str(port), "PYTHONUNBUFFERED": "1",
           "DATABASE_URL": environ.get("DATABASE_URL") or f"sqlite:///{options.data / 'hub.db'}",
           **envfile.secrets(options.data / "secrets.env", environ)}
    redis, chroma_port = None, None
    if environ.get("REDIS_URL"):
        probes.check_redis(environ["REDIS_URL"])
    else:
        redis = redis_server.on_socket(options.data / "redis")
        env["REDIS_URL"] = redis.url
    if not environ.get("CHROMA_URL"):
        chroma_port = probes.free_port()
        env["CHROMA_URL"] = f"http://127.0.0.1:{chroma_port}"
    shop_port = probes.free_port() if options.port == 0 else probes.next_free_port(port + 1)
    return Plan(options, port, shop_port, env, redis, chroma_port)


def _hub_port(asked: int | None) -> int:
    if asked is None:
        return probes.next_free_port(DEFAULT_PORT)
    if asked == 0:
        return probes.free_port()
    problem = probes.port_problem(asked)
    if problem:
        raise StartError(f"Port {asked} {problem}; choose another with --port N, "
                         "or leave it out and a free one is taken.")
    return asked


def _raise_open_files() -> None:
    """Every open chat is an open file; the usual soft limit is 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (OSError, ValueError):       # macOS refuses "unlimited"
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 10_240), hard))


# The processes

def children(plan: Plan) -> list[Child]:
    """Every process of this plan, in the order of the printed lines."""
    all_of_them = [*_stores(plan), *_hub(plan), *(_demo(plan) if plan.options.demo else [])]
    names = {child.name for child in all_of_them}
    return [replace(child, after=tuple(name for name in child.after if name in names)) for child in all_of_them]


def _stores(plan: Plan) -> list[Child]:
    stores = []
    if plan.redis:
        stores.append(Child("redis", plan.redis.argv, quiet=True,
                            repair=lambda lines: redis_server.set_aside(plan.options.data / "redis", lines),
                            ready=lambda pid: probes.redis_says(plan.env["REDIS_URL"], "PING")))
    if plan.chroma_port:
        stores.append(Child("chroma", _python(
            plan, "scripts.chroma_server", "--path", str(plan.options.data / "chroma"), "--host", "127.0.0.1",
            "--port", str(plan.chroma_port)), quiet=True,
                            ready=lambda pid: probes.http_ok(f"{plan.env['CHROMA_URL']}/api/v2/heartbeat")))
    return stores


def _hub(plan: Plan) -> list[Child]:
    return [
        Child("migrate", _python(plan, "scripts.migrate"), once=True, quiet=True, deadline_s=3600),
        Child("web", _python(plan, "gunicorn", "app:app", "--bind", f"127.0.0.1:{plan.port}",
                             "--graceful-timeout", "8"),
              after=("redis", "migrate"), ready=lambda pid: probes.http_ok(f"{plan.hub}/health")),
        Child("worker", _python(plan, "jobs.worker"), after=("redis", "chroma", "migrate"), ready=_beats("worker"),
              grace_s=25),       # it lets running jobs end, for 20 s
    ]


def _demo(plan: Plan) -> list[Child]:
    def consume(line: str) -> bool:
        addresses = _object(line)
        if "site" in addresses:
            plan.demo.update(addresses)
        return "site" in addresses

    def shop() -> list[str]:
        return _python(plan, "scripts.demo.shop", "--port", str(plan.shop_port), "--hub", plan.hub,
                       f"--site={plan.demo['site']}")       # one word: a token may begin with a dash

    return [
        Child("seed", _python(plan, "scripts.demo.seed"), after=("redis", "chroma", "migrate"), once=True,
              consume=consume, deadline_s=600, env={"DEMO_SHOP_URL": plan.shop}),
        Child("shop", shop, after=("seed",), ready=lambda pid: probes.http_ok(f"{plan.shop}/healthz")),
    ]


def _object(line: str) -> dict[str, Any]:
    """The JSON object that the line is; {} for any other line."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _beats(name: str) -> Any:
    """Ready when that very process has left its heartbeat in Redis."""
    return lambda pid: probes.redis_says(os.environ["REDIS_URL"], "EXISTS", f"parley:beat:{name}:{pid}")


def _python(plan: Plan, module: str, *words: str) -> list[str]:
    return [plan.python, "-m", module, *words]


# When all are up

def announce(plan: Plan) -> None:
    """Write the ready file, then tell the person."""
    if plan.options.ready_file:
        _write_whole(plan.options.ready_file, json.dumps(ready(plan), ensure_ascii=False, indent=2) + "\n")
    tell(greeting(plan))


def ready(plan: Plan) -> dict[str, Any]:
    """{hub, shop, site, owner: {email, password}, operator: {…}, docs}; what belongs to the demo is null without it."""
    demo = plan.demo
    return {"hub": plan.hub, "shop": plan.shop if demo else None, "site": demo.get("site"),
            "owner": demo.get("owner"), "operator": demo.get("operator"), "docs": f"{plan.hub}/api-docs"}


def greeting(plan: Plan) -> str:
    """The block that is printed when everything is up."""
    rows = [("Demo shop with the chat", plan.shop)] if plan.demo else []
    rows.append(("Inbox", f"{plan.hub}/inbox"))
    for role in ("owner", "operator"):
        if role in plan.demo:
            rows.append((f"  {role}", f"{plan.demo[role]['email']}   {plan.demo[role]['password']}"))
    if not plan.demo:
        rows.append(("A business of your own", ".venv/bin/python -m scripts.new_business NAME OWNER-EMAIL"))
    rows.append(("API docs", f"{plan.hub}/api-docs"))
    lines = [f"  {label:<26}{value}" for label, value in rows]
    return "\n".join(["", "  Parley is ready.", "", *lines, "",
                      f"  Everything is kept in {plan.options.data}. Stop with Ctrl-C.", ""])


def _write_whole(path: Path, text: str) -> None:
    # Whoever waits for the file must never read half of it; it holds passwords, so it is ours alone.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(draft, "w", opener=lambda name, flags: os.open(name, flags, 0o600), encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
