"""A program of the partner's own, with its key."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.runtime import Runtime


@dataclass
class Program:
    """Sends its key with everything, unless another is given."""

    http: FlaskClient
    rt: Runtime
    key: str
    key_id: str
    prefix: str

    def ask(self, method: str, address: str, *, key: str | None = None, **more: Any) -> TestResponse:
        shown = self.key if key is None else key
        return self.http.open(address, method=method, headers={"Authorization": f"Bearer {shown}"}, **more)

    def get(self, address: str, **query: Any) -> TestResponse:
        return self.ask("GET", address, query_string=query)

    def make_link(self, **order: Any) -> TestResponse:
        return self.ask("POST", "/v1/links", json={"client_name": "Example Bakery"} | order)


def problem_of(answer: TestResponse) -> dict[str, Any]:
    """The problem an answer tells; fails where it is none."""
    assert answer.content_type == "application/problem+json"
    problem: dict[str, Any] = answer.get_json()
    assert set(problem) == {"type", "title", "status", "detail", "code", "errors"}
    assert problem["status"] == answer.status_code
    return problem


def faults_of(answer: TestResponse) -> dict[str, str]:
    """Field → rule of a refusal."""
    return {error["field"]: error["rule"] for error in problem_of(answer)["errors"]}
