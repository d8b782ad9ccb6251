"""Styles, scripts and fonts, served by this process with a name that changes when any of them changes.

`{{ asset('css/tokens.css') }}` gives `/static/<digest of all files>/css/tokens.css`, which browsers may keep for ever.
Because the digest is a folder, scripts and styles refer to each other by plain relative paths.
"""

import hashlib
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

FOLDER = Path(__file__).parent.parent / "static"


def install(app: Flask) -> None:
    prefix = f"/static/{digest_of(FOLDER)}"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=FOLDER,
        prefix=prefix,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=_harden,
    )
    app.jinja_env.globals["asset"] = lambda path: f"{prefix}/{path}"


def digest_of(folder: Path) -> str:
    """Twelve hex digits over names and contents of all files below a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _harden(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
