"""The local Meta held against the cards: it takes what they say, from whom they say, and answers in their shape."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.contract.cards import CARDS, Card, TokenKind
from tests.contract.local_meta import LocalMeta, numbers_of
from tests.contract.scenes import SCENES, Scene
from tests.contract.shapes import differences, lacks
from tests.meta.local_graph import VERSION, Handler, LocalGraph, raw

KINDS: list[TokenKind] = ["app", "system", "business"]
EACH = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
EACH_WITH_TOKEN = pytest.mark.parametrize("card", [c for c in CARDS.values() if c.token_kinds], ids=lambda c: c.name)
ALLOWED = [pytest.param(c, kind, id=f"{c.name}-{kind}") for c in CARDS.values() for kind in c.token_kinds]
REFUSED = [
    pytest.param(c, kind, id=f"{c.name}-{kind}")
    for c in CARDS.values()
    for kind in KINDS
    if c.token_kinds and kind not in c.token_kinds
]
REQUIRED = [
    pytest.param(c, name, id=f"{c.name}-{name}")
    for c in CARDS.values()
    for name, param in c.request.params.items()
    # Without `fields` Graph answers its default ones, so to leave them out is no mistake there.
    if param.required and name not in {"fields", "type"}
]


def echo_the_challenge(handler: Handler) -> None:
    challenge = parse_qs(urlsplit(handler.path).query)["hub.challenge"][0]
    raw(challenge.encode())(handler)


def succeed(card: Card, local_meta: LocalMeta, scene: Scene, token: str | None) -> dict[str, Any]:
    answer = local_meta.call(card, scene.ids, scene.params, token)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.get_json())


def test_every_card_has_its_scene() -> None:
    assert set(SCENES) == set(CARDS)


@pytest.mark.parametrize(("card", "kind"), ALLOWED)
def test_every_kind_of_token_on_the_card_is_taken(card: Card, kind: TokenKind, local_meta: LocalMeta) -> None:
    scene = SCENES[card.name](local_meta)
    succeed(card, local_meta, scene, local_meta.token_of(kind, scene.business))


@pytest.mark.parametrize(("card", "kind"), REFUSED)
def test_every_other_kind_of_token_is_refused(card: Card, kind: TokenKind, local_meta: LocalMeta) -> None:
    scene = SCENES[card.name](local_meta)
    answer = local_meta.call(card, scene.ids, scene.params, local_meta.token_of(kind, scene.business))
    assert numbers_of(answer)[:2] in {(403, 200), (400, 100), (400, 15)}


@EACH
def test_the_answer_has_the_shape_on_the_card(card: Card, local_meta: LocalMeta) -> None:
    scene = SCENES[card.name](local_meta)
    token = local_meta.token_of(card.token_kinds[0], scene.business) if card.token_kinds else None
    answer = succeed(card, local_meta, scene, token)
    assert [path for path in card.reply.required if lacks(answer, path)] == []
    assert differences(answer, card.reply.example) == []


@EACH_WITH_TOKEN
def test_without_a_token_and_with_a_made_up_one_nothing_is_done(card: Card, local_meta: LocalMeta) -> None:
    scene = SCENES[card.name](local_meta)
    for token in (None, "EAAmadeupmadeup", "1|madeup"):
        assert numbers_of(local_meta.call(card, scene.ids, scene.params, token)) == (401, 190, None)


@EACH_WITH_TOKEN
def test_a_wrong_proof_is_refused_and_a_missing_one_too_unless_the_token_is_the_apps(
    card: Card, local_meta: LocalMeta
) -> None:
    scene = SCENES[card.name](local_meta)
    token = local_meta.token_of(card.token_kinds[-1], scene.business)
    assert numbers_of(local_meta.call(card, scene.ids, scene.params, token, proof="0" * 64)) == (400, 100, None)
    missing = local_meta.call(card, scene.ids, scene.params, token, proof=None)
    if card.token_kinds == ["app"]:
        assert missing.status_code == 200
    else:
        assert numbers_of(missing) == (400, 100, None)


@pytest.mark.parametrize("card", [c for c in CARDS.values() if c.ids], ids=lambda c: c.name)
def test_an_unknown_object_is_100_33(card: Card, local_meta: LocalMeta) -> None:
    scene = SCENES[card.name](local_meta)
    ids = dict.fromkeys(scene.ids, "999999999999999")
    token = local_meta.token_of(card.token_kinds[0], scene.business)
    assert numbers_of(local_meta.call(card, ids, scene.params, token)) == (400, 100, 33)


@pytest.mark.parametrize("card", [c for c in CARDS.values() if "business" in c.token_kinds], ids=lambda c: c.name)
def test_the_token_of_another_client_sees_nothing_of_this_one(card: Card, local_meta: LocalMeta) -> None:
    scene = SCENES[card.name](local_meta)
    stranger = local_meta.token_for(local_meta.signup())
    status, code, subcode = numbers_of(local_meta.call(card, scene.ids, scene.params, stranger))
    # The line itself is the partner's and known to every client; the account named in the call is not.
    expected = {(403, 200, None)} if card.name == "credit_lines.attach" else {(400, 100, 33)}
    assert (status, code, subcode) in expected


@pytest.mark.parametrize("card", [c for c in CARDS.values() if "business" in c.token_kinds], ids=lambda c: c.name)
def test_an_expired_token_is_190_463(card: Card, local_meta: LocalMeta) -> None:
    scene = SCENES[card.name](local_meta)
    local_meta.pass_time(61 * 24 * 3600)
    assert numbers_of(local_meta.call(card, scene.ids, scene.params, scene.business)) == (401, 190, 463)


@pytest.mark.parametrize(("card", "name"), REQUIRED)
def test_a_required_parameter_must_be_there(card: Card, name: str, local_meta: LocalMeta) -> None:
    scene = SCENES[card.name](local_meta)
    token = local_meta.token_of(card.token_kinds[0], scene.business) if card.token_kinds else None
    params = {key: value for key, value in scene.params.items() if key != name}
    status, code, subcode = numbers_of(local_meta.call(card, scene.ids, params, token))
    assert (status, subcode) == (400, None)
    assert code in {1, 100, 131008, 131009, 131051}


def test_an_override_is_taken_once_its_address_has_answered_the_handshake(
    local_meta: LocalMeta, local: LocalGraph
) -> None:
    card = CARDS["accounts.subscribe"]
    scene = SCENES[card.name](local_meta)
    address = f"{local.url}/{VERSION}/hook"
    local.answers(echo_the_challenge)
    override = {"override_callback_uri": address, "verify_token": "example-verify-token"}
    answer = local_meta.call(card, scene.ids, override, scene.business)
    assert (answer.status_code, answer.get_json()) == (200, card.reply.example)
    asked = local.only
    assert (asked.method, asked.query["hub.mode"]) == ("GET", "subscribe")
    assert asked.query["hub.verify_token"] == "example-verify-token"
    listed = succeed(
        CARDS["accounts.subscribed_apps"], local_meta, Scene(scene.ids, {}, scene.business), scene.business
    )
    assert [row.get("override_callback_uri") for row in listed["data"]] == [address]
