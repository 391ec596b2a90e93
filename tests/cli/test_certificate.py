"""The certificate of the public address: `doctor` names one that is about to end while there is time."""

import ipaddress
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.cli.test_doctor import SetUp, servers, setup  # noqa: F401 - fixtures
from tests.cli.test_keys import here  # noqa: F401 - a fixture

LOOPBACK = ipaddress.ip_address("127.0.0.1")
Serve = Callable[[float, float], str]


def certificate(folder: Path, old: timedelta, left: timedelta) -> Path:
    """A file with a certificate for the loopback and its key, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "example.org")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - old, now + left)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(LOOPBACK)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    )
    return file


@pytest.fixture
def served(tmp_path: Path, setup: SetUp) -> Iterator[Serve]:  # noqa: F811
    """The bot's web side behind a proxy whose certificate is so many days old and has so many left."""
    running: list[ThreadingHTTPServer] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"ok": true, "updates": {}}')

        def log_message(self, *_: Any) -> None: ...

    def serve(old: float, left: float) -> str:
        file = certificate(tmp_path, timedelta(days=old), timedelta(days=left))
        setup.patch.setenv("SSL_CERT_FILE", str(file))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        running.append(server)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        address = f"https://127.0.0.1:{server.server_address[1]}"
        setup.set(PUBLIC_URL=address)
        return address

    yield serve
    for server in running:
        server.shutdown()
        server.server_close()


def test_a_certificate_that_should_have_been_renewed_is_named_with_its_days(setup: SetUp, served: Serve) -> None:  # noqa: F811
    address = served(81, 8.5)
    ok, says = setup.told()["public address"]
    assert not ok
    assert says.startswith(
        f"the certificate of {address} ends in 8 days and was not renewed: read the reverse proxy's"
    )


@pytest.mark.parametrize(("old", "left"), [(10, 80), (60, 15), (2, 4)], ids=["new", "half through", "short-lived"])
def test_a_certificate_with_time_left_is_well(setup: SetUp, served: Serve, old: float, left: float) -> None:  # noqa: F811
    address = served(old, left)
    assert setup.told()["public address"] == (True, f"{address} reaches the bot")


def test_a_certificate_that_ended_or_that_nobody_trusts_is_named(setup: SetUp, served: Serve) -> None:  # noqa: F811
    address = served(90, -1)
    wrong = f"the certificate of {address} is not good: renew it at the reverse proxy"
    assert setup.told()["public address"] == (False, wrong)
    address = served(10, 80)
    setup.patch.delenv("SSL_CERT_FILE")
    assert setup.told()["public address"] == (False, wrong.replace(wrong.split()[3], address))
