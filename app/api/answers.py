"""A reply's model as a JSON response: validated on the way out, so that the document is never wrong."""

from flask import Response
from pydantic import BaseModel


def answer(reply: BaseModel, status: int = 200) -> Response:
    """The response; moments are ISO 8601 in UTC."""
    return Response(reply.model_dump_json(), status, content_type="application/json")
