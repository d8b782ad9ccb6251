"""AWS KMS for tests: moto's over HTTP, and a server that answers whatever a test wants said.

Nothing of the developer's own AWS is read, and no call leaves this machine.
"""

import base64
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr
from werkzeug.serving import make_server

from app.credentials.keyring import Keyring
from tests.credentials.samples import OLD

REGION = "eu-central-1"
ARN = f"arn:aws:kms:{REGION}:123456789012:key/11111111-2222-3333-4444-555555555555"

LOCAL = base64.urlsafe_b64encode(OLD).decode()
SEALED = b"what KMS has sealed, as it is kept in the settings"


def written(key: str, sealed: bytes) -> str:
    """An entry of CREDENTIAL_KEYS."""
    return f"kms:{key}:{base64.urlsafe_b64encode(sealed).decode()}"


def keyring(*entries: str) -> Keyring:
    """From the settings, as a process makes it at its start."""
    return Keyring.from_settings([SecretStr(entry) for entry in entries])


def aws_environment(url: str) -> dict[str, str]:
    """What AWS's library reads, with everything of the machine's own left out."""
    return {
        "AWS_ENDPOINT_URL_KMS": url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def use(monkeypatch: pytest.MonkeyPatch, url: str, **changes: str | None) -> None:
    """Let AWS's library find KMS at `url`; a variable that is None is not set."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (aws_environment(url) | changes).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)


@dataclass(frozen=True)
class Kms:
    """A running KMS and what one may do in its console."""

    url: str
    client: Any

    def add_key(self, alias: str = "") -> str:
        """A new key's ARN."""
        made = self.client.create_key()["KeyMetadata"]
        if alias:
            self.client.create_alias(AliasName=alias, TargetKeyId=made["KeyId"])
        return str(made["Arn"])

    def seal(self, key: str, plain: bytes, context: Mapping[str, str]) -> bytes:
        """What somebody sealed by hand."""
        sealed = self.client.encrypt(KeyId=key, Plaintext=plain, EncryptionContext=dict(context))
        return bytes(sealed["CiphertextBlob"])


@contextmanager
def motos_kms() -> Iterator[Kms]:
    """Moto's server on a free port."""
    # Here, because they take a second to import and few tests ask for them.
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    client = boto3.session.Session().client(
        "kms", endpoint_url=url, region_name=REGION, aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    yield Kms(url, client)
    client.close()
    server.stop()


def saying(code: str, status: int = 400, message: str = "") -> Callable[..., Iterable[bytes]]:
    """An answer of KMS's that refuses, as AWS writes it (JSON 1.1), with a text that repeats what it was asked."""

    def app(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        asked = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        start(f"{status} No", [("Content-Type", "application/x-amz-json-1.1")])
        return [json.dumps({"__type": code, "message": message or f"not for {asked}"}).encode()]

    return app


def opening(plain: str) -> Callable[..., Iterable[bytes]]:
    """An answer of KMS's to Decrypt, whatever it was asked; `plain` in base64."""

    def app(_environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/x-amz-json-1.1")])
        return [json.dumps({"KeyId": ARN, "Plaintext": plain}).encode()]

    return app


@contextmanager
def answering(app: Callable[..., Iterable[bytes]]) -> Iterator[str]:
    """A server on a free port that answers with `app`; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
