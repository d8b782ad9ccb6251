"""`/v1/openapi.json` and `/v1/docs`: what the API is, for programs and for people; both served from here, offline.

flask-openapi3 collects the document from the views. Its own documentation pages carry inline scripts, which our
content policy forbids, so the page is ours and only Swagger UI's files come from the library's wheel.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, send_from_directory
from flask_openapi3.models.info import Info
from flask_openapi3.models.server import Server
from flask_openapi3.openapi import OpenAPI

from app.api.doors import DOORS
from app.api.problems import Problem
from app.web.guards import guarded, open_to_all
from app.web.headers import STRICT, use_policy
from app.web.here import rt

bp = guarded(Blueprint("api_document", __name__, template_folder="templates"), open_to_all)

VERSION = "1.0.0"
DESCRIPTION = (
    "Make signup links for your clients and follow their onboardings. Every request carries an API key: "
    "`Authorization: Bearer gw_live_…`. Every error is problem+json (RFC 9457)."
)
KEY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "gw_live_…",
    "description": "A key made with `flask api-keys make`. It does what its scopes allow.",
}
# Swagger UI draws its arrows with data: images and sets sizes on elements by itself; nothing else is let in.
SWAGGER_POLICY = {
    **STRICT,
    "img-src": ("'self'", "data:"),
    "style-src": ("'self'", "'unsafe-inline'"),
}
SWAGGER_FILES = Path(str(files("flask_openapi3_swagger"))) / "templates" / "swagger"


@cache
def describe(public_url: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of every door that asks for a key."""
    collector = OpenAPI(
        "gangway",
        info=Info(title="Gangway", version=VERSION, description=DESCRIPTION),
        security_schemes={"api_key": KEY_SCHEME},
        servers=[Server(url=public_url)],
        validation_error_model=Problem,
        doc_ui=False,
    )
    for door in DOORS:
        collector.register_api(door)
    document = collector.api_doc
    for operation in (operation for item in document["paths"].values() for operation in item.values()):
        # The library turns the empty line of a docstring into a tag.
        operation["description"] = operation["description"].removeprefix("<br/>").replace("<br/>", " ")
    return document


@bp.get("/v1/openapi.json")
def show_document() -> Response:
    return jsonify(describe(rt().settings.public_url))


@bp.get("/v1/docs")
def show_docs() -> str:
    use_policy(SWAGGER_POLICY)
    return render_template("api/docs.html")


@bp.get("/v1/docs/<path:name>")
def show_swagger_file(name: str) -> Response:
    return send_from_directory(SWAGGER_FILES, name, max_age=86400)
