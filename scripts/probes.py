"""Is it there? Ports, HTTP and Redis asked with bare sockets: the supervisor stays small without client libraries."""

import errno
import os
import socket
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from scripts import StartError

_LOWEST, _SYSTEMS = 20_000, 32_768      # Linux: /proc/sys/net/ipv4/ip_local_port_range; elsewhere it begins higher


def free_port() -> int:
    """Any free loopback port, below those that the system gives to clients: such a one could go before it is used."""
    for _ in range(100):
        port = _LOWEST + int.from_bytes(os.urandom(4), "big") % (_SYSTEMS - _LOWEST)
        if not port_problem(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_problem(port: int) -> str:
    """Why a server cannot listen on that loopback port; empty when it can."""
    with socket.socket() as probe:
        # As servers do: the remains of closed connections are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return "is already in use"
            return f"cannot be used ({error.strerror})"
    return ""


def next_free_port(first: int, taken: tuple[int, ...] = ()) -> int:
    """The first free port of the hundred from `first` on, else any free one."""
    for port in range(first, min(first + 100, 65_536)):
        if port not in taken and not port_problem(port):
            return port
    return free_port()


def http_ok(url: str, timeout: float = 1.0) -> bool:
    """Does `GET url` (http only) answer 200?"""
    parts = urlsplit(url)
    request = f"GET {parts.path or '/'} HTTP/1.0\r\nHost: {parts.netloc}\r\nUser-Agent: parley-start\r\n\r\n"
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout) as link:
            link.sendall(request.encode())
            return link.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def redis_ask(url: str, *words: str, timeout: float = 1.0) -> str:
    """The answer to one command that answers with one line: `+PONG`, `:1`, `-ERR …`. Raises OSError, StartError.

    The protocol: https://redis.io/docs/latest/develop/reference/protocol-spec/
    """
    parts = urlsplit(url)
    commands = _greeting(parts)
    if words:
        commands.append(list(words))
    with _connect(parts, timeout) as link, link.makefile("rb") as replies:
        link.sendall(b"".join(_encoded(command) for command in commands))
        reply = "+OK"
        for _ in commands:
            reply = replies.readline().decode(errors="replace").strip()
            if not reply:
                raise ConnectionError("no answer")
            if reply.startswith("-"):
                break
        return reply


def redis_says(url: str, *words: str) -> bool:
    """Does Redis answer, and not with an error and not with 0?"""
    try:
        return not redis_ask(url, *words).startswith(("-", ":0"))
    except OSError:
        return False


def _greeting(parts: SplitResult) -> list[list[str]]:
    """What to say before the command: who we are, and which database."""
    commands, query = [], _query(parts)
    user, password = query.get("username") or parts.username, query.get("password") or parts.password
    if password:
        commands.append(["AUTH", *([unquote(user)] if user else []), unquote(password)])
    number = query.get("db") or ("" if parts.scheme == "unix" else parts.path.strip("/"))
    if number:
        commands.append(["SELECT", number])
    return commands


def _query(parts: SplitResult) -> dict[str, str]:
    """What stands after `?`, each name once."""
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def _connect(parts: SplitResult, timeout: float) -> socket.socket:
    if parts.scheme == "unix":
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(timeout)
        try:
            link.connect(unquote(parts.path))
        except OSError:
            link.close()
            raise
        return link
    host = parts.hostname or "127.0.0.1"
    link = socket.create_connection((host, parts.port or 6379), timeout)
    if parts.scheme == "rediss":
        return _encrypted(link, host, _query(parts))
    return link


def _encrypted(link: socket.socket, host: str, query: Mapping[str, str]) -> socket.socket:
    """TLS as redis-py makes it of the same address."""
    import ssl  # five megabytes that only this scheme needs
    context = ssl.create_default_context(cafile=query.get("ssl_ca_certs"), capath=query.get("ssl_ca_path"))
    required = query.get("ssl_cert_reqs", "required") == "required"
    context.check_hostname = required and query.get("ssl_check_hostname", "true").lower() not in ("false", "0", "no")
    context.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_NONE
    if "ssl_certfile" in query:
        context.load_cert_chain(query["ssl_certfile"], query.get("ssl_keyfile"))
    return context.wrap_socket(link, server_hostname=host)


def _encoded(words: list[str]) -> bytes:
    parts = [b"*%d\r\n" % len(words)]
    for word in (word.encode() for word in words):
        parts.append(b"$%d\r\n%s\r\n" % (len(word), word))
    return b"".join(parts)


def check_redis(url: str) -> None:
    """Raises StartError when there is no usable Redis at `url`. The password is never in the text."""
    try:
        parts = urlsplit(url)
        where = parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"
    except ValueError:
        raise StartError("REDIS_URL is not an address; it should look like redis://127.0.0.1:6379/0.") from None
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise StartError("REDIS_URL must begin with redis://, rediss:// or unix://.")
    try:
        reply = redis_ask(url, "PING", timeout=3.0)
    except OSError as error:
        raise StartError(f"REDIS_URL: no Redis answers at {where} ({error.strerror or error}).") from None
    if reply.startswith("-"):
        raise StartError(f"REDIS_URL: the Redis at {where} refuses us: {reply[1:]}.")
