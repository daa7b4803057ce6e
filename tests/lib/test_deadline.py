"""One deadline for a whole call, also over TLS."""

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import httpcore2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.lib import deadline

from tests.waits import STUCK_S, Watch


def test_an_inner_deadline_cannot_outlast_the_outer_one() -> None:
    with deadline.within(0.2), deadline.within(60):
        assert deadline.left() <= 0.2


def test_after_the_block_the_outer_deadline_holds_again() -> None:
    with deadline.within(30):
        with deadline.within(0.1):
            pass
        assert 29 < deadline.left() <= 30
    assert deadline.left() == 60.0


def test_what_is_left_is_never_negative() -> None:
    with deadline.within(-1):
        assert deadline.left() == 0.0


def test_a_deadline_can_be_moved_and_ends_with_its_block() -> None:
    with deadline.within(0.1):
        deadline.extend(time.monotonic() + 10)
        assert deadline.left() > 9
    assert deadline.left() == 60.0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and its self-signed certificate for 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    moment = datetime.datetime.now(datetime.UTC)
    result = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
              .serial_number(1)
            .not_valid_before(moment - datetime.timedelta(days=1)).not_valid_after(moment + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .sign(key, hashes.SHA256()))
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                       serialization.NoEncryption()) + result.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def slow_server(certificate: Path) -> Iterator[str]:
    """HTTPS that answers `/quick` at once and anything else one byte at a time."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, context), daemon=True)
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}"


def _serve(listener: socket.socket, context: ssl.SSLContext) -> None:
    try:
        plain, _ = listener.accept()
        with context.wrap_socket(plain, server_side=True) as connection:
            request = connection.recv(10_000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            for _ in range(100):
                connection.sendall(b"x")
                time.sleep(0 if b"/quick" in request else 0.1)
    except OSError:
        return      # the client left, as it should


def pool(certificate: Path | None = None) -> httpcore2.ConnectionPool:
    context = ssl.create_default_context(cafile=certificate)
    backend = cast(httpcore2.NetworkBackend, deadline.Backend(httpcore2.SyncBackend()))
    return httpcore2.ConnectionPool(ssl_context=context, network_backend=backend)


def test_a_call_over_tls_goes_through(slow_server: str, certificate: Path) -> None:
    with deadline.within(STUCK_S), pool(certificate) as connections:
        assert connections.request("GET", f"{slow_server}/quick").content == b"x" * 100


def test_a_trickle_over_tls_is_cut(slow_server: str, certificate: Path) -> None:
    with (Watch() as watch, deadline.within(0.5), pool(certificate) as connections,
          pytest.raises(httpcore2.ReadTimeout)):
        connections.request("GET", f"{slow_server}/slow")
    assert watch.seconds < 1.0


def test_a_connection_that_is_never_accepted_is_given_up() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        with (Watch() as watch, deadline.within(0.5), pool() as connections,
              pytest.raises((httpcore2.ConnectTimeout, httpcore2.ReadTimeout))):
            connections.request("GET", f"http://127.0.0.1:{listener.getsockname()[1]}/")
        assert watch.seconds < 1.0
        for filler in fillers:
            filler.close()
