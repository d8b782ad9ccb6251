import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from app.web.assets import FOLDER


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def everything(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from everything(value)
    elif isinstance(node, list):
        for value in node:
            yield from everything(value)


def at(document: dict[str, Any], pointer: str) -> object:
    place: Any = document
    for part in pointer.removeprefix("#/").split("/"):
        place = place[part.replace("~1", "/").replace("~0", "~")]
    return place


def test_it_is_openapi_31_with_a_key_scheme(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "Gangway"
    assert document["servers"] == [{"url": "http://localhost:5000"}]
    scheme = document["components"]["securitySchemes"]["api_key"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


def test_every_door_is_in_it(document: dict[str, Any]) -> None:
    assert {(path, method) for path, method, _ in operations(document)} == {
        ("/v1/links", "get"),
        ("/v1/links", "post"),
        ("/v1/links/{link_id}", "get"),
        ("/v1/links/{link_id}", "delete"),
        ("/v1/links/{link_id}/follow-up", "post"),
        ("/v1/funnel", "get"),
        ("/v1/onboardings", "get"),
        ("/v1/onboardings/{reference}", "get"),
        ("/v1/onboardings/{reference}/token", "get"),
        ("/v1/onboardings/{reference}/steps/{step}/retry", "post"),
        ("/v1/onboardings/{reference}/waive", "post"),
        ("/v1/onboardings/{reference}/request-code", "post"),
        ("/v1/onboardings/{reference}/enter-code", "post"),
        ("/v1/onboardings/{reference}/pin", "post"),
        ("/v1/onboardings/{reference}/two-step-off", "post"),
        ("/v1/checks", "get"),
        ("/v1/checks/{account_id}", "get"),
        ("/v1/checks/{account_id}/run", "post"),
        ("/v1/checks/{account_id}/repair", "post"),
        ("/v1/unclaimed", "get"),
        ("/v1/unclaimed/{unclaimed_id}/attach", "post"),
        ("/v1/unclaimed/{unclaimed_id}/make-client", "post"),
        ("/v1/unclaimed/{unclaimed_id}/refuse", "post"),
        ("/v1/onboardings/by-hand", "post"),
        ("/v1/accounts/shared", "get"),
        ("/v1/accounts/adopt", "post"),
        ("/v1/incidents", "get"),
        ("/v1/incidents/{incident_id}", "get"),
        ("/v1/errors/{code}", "get"),
    }


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    pointers = [node["$ref"] for node in everything(document) if "$ref" in node]
    assert pointers
    for pointer in pointers:
        assert isinstance(at(document, pointer), dict), pointer


def test_every_schema_is_one(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_operation_is_complete(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for path, method, operation in operations(document):
        assert operation["summary"], path
        assert "<br" not in operation["description"], path
        assert operation["security"][0]["api_key"], path
        for parameter in operation.get("parameters", []):
            assert {"name", "in", "schema"} <= set(parameter), path
        wanted = {"401", "403", "422", "429"}
        assert wanted <= set(operation["responses"]), (path, method)
        assert "{" not in path or "404" in operation["responses"]


def test_every_error_is_a_problem(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], (path, status)


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    registry: Registry[Any] = Registry().with_resource(
        "urn:document", Resource.from_contents(document, default_specification=DRAFT202012)
    )
    checked = 0
    for path, method, operation in operations(document):
        bodies = [operation["requestBody"]["content"]] if "requestBody" in operation else []
        bodies += [response["content"] for response in operation["responses"].values() if "content" in response]
        for content in bodies:
            for media in content.values():
                assert "example" in media, (path, method)
                text = json.dumps(media["schema"]).replace('"#/', '"urn:document#/')
                Draft202012Validator(json.loads(text), registry=registry).validate(media["example"])
                checked += 1
    assert checked > 20


def test_the_page_loads_nothing_from_elsewhere(app: Flask) -> None:
    http = app.test_client()
    page = http.get("/v1/docs")
    assert page.status_code == 200
    assert "http" not in page.text.replace("http-equiv", "")
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"].partition("script-src")[2]
    for name, kind in (("js/swagger-ui-bundle.js", "javascript"), ("css/swagger-ui.css", "css")):
        answer = http.get(f"/v1/docs/{name}")
        assert answer.status_code == 200
        assert kind in answer.content_type
        answer.close()
    assert (FOLDER / "js" / "api-docs.js").exists()


@pytest.mark.parametrize("name", ["../__init__.py", "..%2f__init__.py", "js/nothing.js", "%00"])
def test_no_other_file_is_served(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/v1/docs/{name}").status_code == 404
