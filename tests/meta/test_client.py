from app.kit.secret import Secret
from app.meta.client import Meta
from app.meta.transport import Call
from tests.meta.local_graph import LocalGraph, reply


def test_the_apps_own_token_is_its_id_and_newest_secret(meta: Meta) -> None:
    assert meta.app_token == Secret("1234567890|test_app_secret")
    assert "test_app_secret" not in repr(meta)


def test_a_recording_client_tells_of_every_group_and_leaves_the_original_silent(
    local: LocalGraph, meta: Meta, token: Secret
) -> None:
    calls: list[Call] = []
    recording = meta.recording(calls.append)
    local.answers(reply({"access_token": "EAAbusiness"}), *[reply({"id": "1", "data": {}, "success": True})] * 4)
    recording.oauth.exchange(Secret("AQBexample"))
    recording.oauth.inspect(token)
    recording.accounts.get("1", token)
    recording.credit_lines.revoke("1", token)
    meta.numbers.get("1", token)
    assert [call.path for call in calls] == ["/oauth/access_token", "/debug_token", "/1", "/1"]
