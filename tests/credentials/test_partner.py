"""The partner's token: the row is the truth, the setting only seeds it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.credentials.models import Credential, TokenWatch
from app.credentials.partner import PartnerTokens
from app.kit.secret import Secret
from app.meta.errors import MetaUnreachable
from app.meta.oauth import Inspection, TokenFault
from app.runtime import Runtime

APP = "100000000000001"


def described(*, is_valid: bool = True, app_id: str | None = APP) -> Inspection:
    fault = None if is_valid else TokenFault(190, 467)
    return Inspection(is_valid, app_id, "SYSTEM_USER", frozenset({"business_management"}), {}, None, None, "7", fault)


class Asked:
    """Stands where `debug_token` is called, and counts."""

    def __init__(self, answer: Inspection | None = None) -> None:
        self.answer = answer
        self.times = 0

    def __call__(self, _token: Secret) -> Inspection:
        self.times += 1
        if self.answer is None:
            raise MetaUnreachable(request_written=True)
        return self.answer


def current(rt: Runtime, seed: str, asked: Asked, *, tokens: PartnerTokens | None = None) -> str:
    held = (tokens or PartnerTokens()).current(rt.db, rt.vault, Secret(seed), inspect=asked, app_id=APP)
    return held.secret.reveal()


def versions(rt: Runtime) -> list[tuple[int, bool]]:
    with rt.db.read() as session:
        rows = session.scalars(select(Credential).order_by(Credential.version)).all()
        return [(row.version, row.current_scope is not None) for row in rows]


def test_the_first_setting_becomes_the_first_row_and_is_watched(rt: Runtime) -> None:
    asked = Asked()
    assert current(rt, "EAAfirst", asked) == "EAAfirst"
    assert (asked.times, versions(rt)) == (0, [(1, True)])
    with rt.db.read() as session:
        row, watch = session.scalars(select(Credential)).one(), session.scalars(select(TokenWatch)).one()
    assert (row.kind, row.client_id, row.current_scope) == ("partner_token", None, "partner_token::partner")
    assert b"EAAfirst" not in row.sealed_secret
    assert (watch.credential_id, watch.state) == (row.id, "new")


def test_a_changed_setting_takes_over_once_it_is_proven(rt: Runtime) -> None:
    current(rt, "EAAfirst", Asked())
    asked = Asked(described())
    assert current(rt, "EAAsecond", asked) == "EAAsecond"
    assert (asked.times, versions(rt)) == (1, [(1, False), (2, True)])
    # From then on it is known, and neither it nor the older one is asked about again.
    assert current(rt, "EAAsecond", asked) == "EAAsecond"
    assert current(rt, "EAAfirst", asked) == "EAAsecond"
    assert asked.times == 1


@pytest.mark.parametrize("answer", [described(is_valid=False), described(app_id="999"), None])
def test_a_setting_that_cannot_be_proven_replaces_nothing(rt: Runtime, answer: Inspection | None) -> None:
    current(rt, "EAAfirst", Asked())
    assert current(rt, "EAAwrong", Asked(answer)) == "EAAfirst"
    assert versions(rt) == [(1, True)]


def test_a_setting_that_was_refused_is_asked_about_once_in_each_process(rt: Runtime) -> None:
    current(rt, "EAAfirst", Asked())
    tokens, asked = PartnerTokens(), Asked(described(is_valid=False))
    for _ in range(3):
        tokens.forget()
        assert current(rt, "EAAwrong", asked, tokens=tokens) == "EAAfirst"
    assert asked.times == 1


def test_the_row_is_kept_for_a_while_and_read_anew_when_forgotten(rt: Runtime) -> None:
    tokens = PartnerTokens()
    assert current(rt, "EAAfirst", Asked(), tokens=tokens) == "EAAfirst"
    with rt.db.write() as session:
        rt.vault.seal(
            session,
            kind="partner_token",
            client_id=None,
            subject="partner",
            secret=Secret("EAArenewed"),
            now=session.scalars(select(Credential.created_at)).one(),
        )
    assert current(rt, "EAAfirst", Asked(), tokens=tokens) == "EAAfirst"
    tokens.forget()
    assert current(rt, "EAAfirst", Asked(), tokens=tokens) == "EAArenewed"


def test_the_runtime_hands_out_the_row(rt: Runtime) -> None:
    assert rt.partner_token().reveal() == "EAATESTSYSTEMTOKEN"
    with_other_seed = replace(rt, partner=PartnerTokens())
    assert with_other_seed.partner_credential().credential_id == rt.partner_credential().credential_id
