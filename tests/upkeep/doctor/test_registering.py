"""Registering callback and fields: at the local Meta, which calls our door back before it says yes."""

import pytest

from app.audit.models import AuditEntry
from app.audit.store import SYSTEM, Actor, list_of
from app.kit.errors import Conflict, Unavailable
from app.upkeep.doctor.registering import Heard, Registered, read_heard, register
from tests.upkeep.doctor.clinic import NOON, Clinic, answers, refused, without

ROBIN = Actor("staff", "s-1")
ELSEWHERE = "https://other.example/hook?key=hush"
SHOWN = "https://other.example/hook?…"


def deeds(clinic: Clinic) -> list[AuditEntry]:
    """Oldest first; those of one moment are told apart by their keys."""
    with clinic.rt.db.read() as session:
        return sorted(list_of(session, "app", clinic.app.id), key=lambda entry: entry.id)


def test_a_first_callback_is_registered_with_every_field_and_written_down(clinic: Clinic) -> None:
    clinic.app.callback_url, clinic.app.fields = None, ()
    ours = clinic.rt.settings.callback_url
    fields = (
        "account_alerts", "account_review_update", "account_update", "business_capability_update", "history",
        "message_template_status_update", "messages", "phone_number_name_update", "phone_number_quality_update",
        "security", "smb_app_state_sync", "smb_message_echoes",
    )  # fmt: skip
    assert register(clinic.rt, actor=ROBIN, replaces="", now=NOON) == Registered("", fields)
    assert (clinic.app.callback_url, clinic.app.fields) == (ours, fields)
    assert clinic.app.verify_token == clinic.rt.settings.meta_verify_token.get_secret_value()
    assert [(deed.action, deed.actor_kind, deed.actor_id, deed.at) for deed in deeds(clinic)] == [
        ("webhooks.registering", "staff", "s-1", NOON),
        ("webhooks.registered", "staff", "s-1", NOON),
    ]
    assert deeds(clinic)[1].facts == {"callback": ours, "before": "", "added": list(fields)}
    assert clinic.meta.effects("callback_set") == 1


def test_a_missing_field_is_added_and_those_the_app_has_stay(clinic: Clinic) -> None:
    clinic.app.fields = (*without(clinic.app.fields, "account_update"), "flows")
    done = register(clinic.rt, actor=SYSTEM, replaces="", now=NOON)
    assert done.added == ("account_update",)
    assert {"flows", "account_update", "messages"} <= set(clinic.app.fields)
    assert {finding.state for finding in clinic.examine().findings} == {"ok", "look"}


def test_anothers_callback_is_replaced_only_by_who_has_seen_it(clinic: Clinic) -> None:
    clinic.app.callback_url = ELSEWHERE
    assert read_heard(clinic.rt) == Heard(SHOWN, is_ours=False, fields=frozenset(clinic.app.fields))
    for seen in ("", "https://older.example/hook"):
        with pytest.raises(Conflict, match=r"Meta now sends to https://other\.example/hook\?…\."):
            register(clinic.rt, actor=ROBIN, replaces=seen, now=NOON)
    assert (clinic.app.callback_url, deeds(clinic)) == (ELSEWHERE, [])
    assert register(clinic.rt, actor=ROBIN, replaces=SHOWN, now=NOON).before == SHOWN
    assert clinic.app.callback_url == clinic.rt.settings.callback_url
    assert "hush" not in str([deed.facts for deed in deeds(clinic)])


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_door_that_does_not_answer_meta_is_told_and_changes_nothing(clinic: Clinic) -> None:
    clinic.app.callback_url = None
    clinic.serve(answers("404 Not Found"))
    with pytest.raises(Conflict, match="Meta called our callback and did not get the answer it wants") as told:
        register(clinic.rt, actor=ROBIN, replaces="", now=NOON)
    assert told.value.code == "callback_not_verified"
    assert "404" in told.value.detail
    assert clinic.rt.settings.meta_verify_token.get_secret_value() not in told.value.detail
    assert clinic.app.callback_url is None
    assert [(deed.action, deed.facts.get("code")) for deed in deeds(clinic)] == [
        ("webhooks.registering", None),
        ("webhooks.register_failed", 2200),
    ]


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_refusal_of_metas_sends_the_person_to_the_dashboard(clinic: Clinic) -> None:
    clinic.meta.fault("/*/subscriptions", refused(200), method="POST")
    with pytest.raises(Conflict, match=r"Meta refused \(code 200\).*Do it by hand: WhatsApp → Configuration → Webhook"):
        register(clinic.rt, actor=ROBIN, replaces="", now=NOON)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_lost_answer_says_that_the_outcome_is_not_known(clinic: Clinic) -> None:
    clinic.meta.fault("/*/subscriptions", {"drop": "after"}, method="POST", when="after")
    with pytest.raises(Unavailable, match="whether anything was changed is not known"):
        register(clinic.rt, actor=ROBIN, replaces="", now=NOON)
    assert [deed.action for deed in deeds(clinic)] == ["webhooks.registering", "webhooks.register_failed"]


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_without_a_look_nothing_is_done(clinic: Clinic) -> None:
    clinic.meta.fault("/*/subscriptions", {"drop": "before"}, method="GET")
    with pytest.raises(Unavailable, match="nothing was changed"):
        register(clinic.rt, actor=ROBIN, replaces="", now=NOON)
    assert (deeds(clinic), clinic.meta.count("/*/subscriptions")) == ([], 0)
