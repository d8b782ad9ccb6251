import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.kit.secret import Secret
from app.meta.client import Meta
from app.meta.transport import Graph
from tests.meta.local_graph import VERSION, LocalGraph

APP_ID = "1234567890"
APP_SECRET = Secret("test_app_secret")
OLD_APP_SECRET = Secret("older_app_secret")


@pytest.fixture(scope="session")
def local_server() -> Iterator[LocalGraph]:
    server = LocalGraph()
    yield server
    server.close()


@pytest.fixture
def local(local_server: LocalGraph) -> Iterator[LocalGraph]:
    yield local_server
    local_server.forget()


@pytest.fixture
def graph(local: LocalGraph) -> Graph:
    return Graph(base_url=local.url, version=VERSION, app_id=APP_ID, app_secrets=[APP_SECRET, OLD_APP_SECRET])


@pytest.fixture
def meta(graph: Graph) -> Meta:
    return Meta.over(graph)


@pytest.fixture
def token() -> Secret:
    return Secret("EAATESTTOKEN")


@pytest.fixture
def local_tls(tmp_path: Path) -> Iterator[str]:
    """The address of a TLS server whose certificate nobody known has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=3650))
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def shake_hands() -> None:
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    context.wrap_socket(connection, server_side=True).close()

        thread = threading.Thread(target=shake_hands, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(5)
