"""What people are told. Expectations are written from Meta's error reference and from the steps, by hand."""

import pytest

from app.meta.catalogue import client_texts, describe, explain, tell
from app.meta.catalogue.lookup import BY_KEY, FINDINGS, ROWS
from app.meta.catalogue.rows import Step
from app.meta.errors import (
    AlreadyDone,
    MetaBusy,
    MetaError,
    MetaRefused,
    MetaUnreachable,
    PermissionMissing,
    TokenDead,
)


@pytest.mark.parametrize(
    ("code", "subcode", "step", "key", "who", "retry"),
    [
        # exchange
        (100, 36007, "exchange", "code_expired", "client", "never"),
        (100, 36008, "exchange", "redirect_mismatch", "partner", "never"),
        (100, 36009, "exchange", "code_used", "client", "never"),
        (100, None, "exchange", "code_not_valid", "client", "never"),
        (1, None, "exchange", "app_secret_wrong", "partner", "never"),
        (190, None, "exchange", "app_token_invalid", "partner", "never"),
        (101, None, "exchange", "app_token_invalid", "partner", "never"),
        # subscribe
        (2200, None, "subscribe", "callback_not_verified", "partner", "by_hand"),
        (190, 463, "subscribe", "token_expired", "client", "never"),
        (190, 458, "subscribe", "app_removed", "client", "never"),
        (190, 460, "subscribe", "session_ended", "client", "never"),
        (190, 459, "subscribe", "person_must_confirm", "client", "never"),
        (190, 464, "subscribe", "person_must_confirm", "client", "never"),
        (190, 467, "subscribe", "token_invalid", "client", "never"),
        (190, 492, "subscribe", "token_invalid", "client", "never"),
        (190, 999, "subscribe", "token_invalid", "client", "never"),
        (190, None, "subscribe", "token_invalid", "client", "never"),
        (102, None, None, "token_invalid", "client", "never"),
        (0, None, None, "token_invalid", "client", "never"),
        (100, 33, "subscribe", "object_not_seen", "client", "by_hand"),
        # credit: the token is ours
        (190, 463, "credit", "system_token_invalid", "partner", "by_hand"),
        (190, None, "credit", "system_token_invalid", "partner", "by_hand"),
        (10, None, "credit", "credit_not_allowed", "partner", "by_hand"),
        (200, None, "credit", "credit_not_allowed", "partner", "by_hand"),
        (294, None, "credit", "credit_not_allowed", "partner", "by_hand"),
        (100, None, "credit", "credit_refused", "partner", "by_hand"),
        (100, 33, "credit", "credit_not_seen", "partner", "by_hand"),
        (100, 1815, "credit", "credit_refused", "partner", "by_hand"),
        # register
        (133000, None, "register", "deregistration_unfinished", "nobody", "auto"),
        (133004, None, "register", "registration_down", "nobody", "auto"),
        (133005, None, "register", "pin_mismatch", "client", "by_hand"),
        (133006, None, "register", "verification_required", "client", "by_hand"),
        (133008, None, "register", "pin_tries_used_up", "client", "by_hand"),
        (133009, None, "register", "pin_tries_used_up", "client", "by_hand"),
        (133010, None, "test", "number_not_registered", "partner", "by_hand"),
        (133015, None, "register", "just_deregistered", "nobody", "auto"),
        (133016, None, "register", "registered_too_often", "nobody", "by_hand"),
        (131009, None, "register", "pin_not_accepted", "partner", "by_hand"),
        (131031, None, "register", "account_locked", "client", "by_hand"),
        (100, 2388001, "register", "number_held_elsewhere", "client", "by_hand"),
        (2388001, None, "register", "number_held_elsewhere", "client", "by_hand"),
        (2388012, None, None, "number_in_account", "nobody", "never"),
        (100, 2388012, None, "number_in_account", "nobody", "never"),
        (2388091, None, None, "code_not_for_move", "client", "by_hand"),
        (2388093, None, None, "code_not_for_move", "client", "by_hand"),
        (2388103, None, "register", "number_not_movable", "client", "by_hand"),
        (2494100, None, "register", "account_in_maintenance", "nobody", "auto"),
        (2593079, None, None, "ownership_move_refused", "client", "by_hand"),
        (2593085, None, None, "ownership_move_refused", "client", "by_hand"),
        (136024, None, None, "verification_code_not_sent", "client", "by_hand"),
        (136025, None, None, "verification_code_wrong", "client", "by_hand"),
        # sync
        (2593107, None, "sync", "sync_asked_before", "nobody", "never"),
        (2593108, None, "sync", "sync_too_late", "client", "never"),
        (2593109, None, "sync", "history_declined", "nobody", "never"),
        (1752041, None, None, "marketing_onboarding_repeated", "nobody", "never"),
        (100, None, "sync", "sync_refused", "partner", "by_hand"),
        # test
        (131000, None, "test", "messaging_down", "nobody", "auto"),
        (131005, None, "test", "messaging_not_allowed", "partner", "by_hand"),
        (131008, None, "test", "message_malformed", "partner", "by_hand"),
        (131009, None, "test", "message_malformed", "partner", "by_hand"),
        (131016, None, "test", "messaging_down", "nobody", "auto"),
        (131021, None, "test", "sent_to_itself", "client", "by_hand"),
        (131026, None, "test", "undeliverable", "client", "by_hand"),
        (131030, None, "test", "recipient_not_listed", "partner", "by_hand"),
        (131037, None, "test", "display_name_not_approved", "meta", "by_hand"),
        (131042, None, "test", "nobody_pays", "partner", "by_hand"),
        (131045, None, "test", "number_not_registered", "partner", "by_hand"),
        (131047, None, "test", "window_closed", "client", "by_hand"),
        (131056, None, "test", "sending_too_fast", "nobody", "auto"),
        # anywhere
        (1, None, "subscribe", "request_not_known", "partner", "by_hand"),
        (2, None, "credit", "meta_outage", "nobody", "auto"),
        (3, None, "credit", "app_lacks_capability", "partner", "by_hand"),
        (4, None, None, "rate_limited", "nobody", "auto"),
        (613, None, None, "rate_limited", "nobody", "auto"),
        (80007, None, None, "rate_limited", "nobody", "auto"),
        (10, None, "subscribe", "permission_denied", "partner", "by_hand"),
        (299, None, "register", "permission_denied", "partner", "by_hand"),
        (12, None, None, "version_gone", "partner", "by_hand"),
        (2635, None, None, "version_gone", "partner", "by_hand"),
        (33, None, None, "number_gone", "client", "never"),
        (368, None, "register", "policy_block", "client", "by_hand"),
        (803, None, None, "alias_unknown", "partner", "by_hand"),
        (987654, None, None, "refused", "partner", "by_hand"),
    ],
)
def test_a_code_is_explained(code: int, subcode: int | None, step: Step | None, key: str, who: str, retry: str) -> None:
    found = explain((code, subcode), step)
    assert (found.key, found.who, found.retry) == (key, who, retry)


ALL_CODES = [
    *[0, 1, 2, 3, 4, 10, 12, 33, 100, 102, 190, 368, 613, 803, 2200, 2635, 80007],
    *range(200, 300),
    *[133000, 133004, 133005, 133006, 133008, 133009, 133010, 133015, 133016, 134011, 134100, 134101, 134102, 134103],
    *[135000, 136024, 136025, 137000, 131044, 141002, 141006, 200005, 200006, 200007],
    *[*range(138000, 138008), 138009, *range(138012, 138016), *range(138017, 138025)],
    *[*range(139000, 139005), *range(139100, 139104), 139200, *range(147001, 147006)],
    *[*range(2494164, 2494169), 2494176, 2494177, 2494179],
    *[2388001, 2388012, 2388091, 2388093, 2388103, 2494100, 2593079, 2593085, 2593107, 2593108, 2593109, 1752041],
    *[131000, 131005, 131008, 131009, 131016, 131021, 131026, 131030, 131031, 131037, 131042, 131045, 131047],
]


def test_no_code_of_metas_list_is_left_to_the_defaults() -> None:
    defaults = {row.key for case, row in ROWS.items() if case.kind}
    assert [code for code in ALL_CODES if explain((code, None), None).key in defaults] == []


@pytest.mark.parametrize(
    ("error", "step", "key", "who", "retry"),
    [
        (MetaUnreachable(request_written=False), "register", "meta_not_reached", "nobody", "auto"),
        (MetaUnreachable(request_written=True, status=502), "register", "outcome_unknown", "nobody", "auto"),
        (MetaBusy(status=503), "credit", "meta_busy", "nobody", "auto"),
        (TokenDead(code=987654, status=401), "test", "token_dead", "client", "never"),
        (TokenDead(code=987654, status=401), "credit", "system_token_dead", "partner", "by_hand"),
        (PermissionMissing(code=987, status=403), "credit", "permission_missing", "partner", "by_hand"),
        (AlreadyDone(code=987), None, "already_done", "nobody", "never"),
        (MetaRefused(code=987654, status=400), None, "refused", "partner", "by_hand"),
        (MetaError(code=987654), None, "refused", "partner", "by_hand"),
        (MetaRefused(status=404), None, "refused", "partner", "by_hand"),
    ],
)
def test_without_a_row_the_class_of_the_error_explains(
    error: MetaError, step: Step | None, key: str, who: str, retry: str
) -> None:
    found = explain(error, step)
    assert (found.key, found.who, found.retry) == (key, who, retry)


def test_an_error_is_explained_like_its_numbers() -> None:
    assert explain(MetaRefused(code=133005, status=400), "register").key == "pin_mismatch"
    assert explain(TokenDead(code=190, subcode=463, status=401), "test").key == "token_expired"


def test_when_meta_calls_it_passing_the_advice_of_a_lasting_code_does_not_hold() -> None:
    assert explain(MetaBusy(code=1, status=500), "subscribe").key == "meta_busy"
    assert explain(MetaBusy(code=100, status=400, is_transient=True), "credit").key == "meta_busy"
    assert explain(MetaRefused(code=2, status=400), "credit").key == "refused"


def test_every_row_for_all_steps_agrees_with_the_class_its_code_has() -> None:
    disagreeing = [
        row.key
        for case, row in ROWS.items()
        if case.code is not None
        and case.step is None
        and explain((case.code, case.subcode if isinstance(case.subcode, int) else None), None) is not row
    ]
    assert disagreeing == []


def test_every_row_for_one_step_is_found_in_that_step() -> None:
    hidden = [
        row.key
        for case, row in ROWS.items()
        if case.code is not None
        and case.step is not None
        and explain((case.code, case.subcode if isinstance(case.subcode, int) else None), case.step) is not row
    ]
    assert hidden == []


def test_the_texts_for_clients_are_listed_once_each_for_translation() -> None:
    texts = client_texts()
    assert len(texts) == len(set(texts))
    assert list(texts) == sorted(texts)
    found = explain((133005, None), "register")
    assert {found.client_meaning, found.client_do} <= set(texts)


def test_an_explanation_is_found_again_by_its_key() -> None:
    assert describe("pin_mismatch") is explain((133005, None), "register")
    assert describe("scopes_missing").who == "partner"
    with pytest.raises(KeyError):
        describe("nobody_wrote_this")


def test_no_finding_of_ours_hides_an_error_of_metas() -> None:
    assert {row.key for row in ROWS.values()} & FINDINGS.keys() == set()
    assert len(BY_KEY) == len({row.key for row in ROWS.values()}) + len(FINDINGS)


def test_facts_stand_in_their_places_and_a_missing_one_leaves_a_gap() -> None:
    told = tell("callback_differs", {"theirs": "https://old.example/hook", "ours": "https://new.example/hook"})
    assert "https://old.example/hook" in told.meaning
    assert told.client_meaning == describe("callback_differs").client_meaning
    gap = tell("callback_differs", {})
    assert "…" in gap.meaning
    assert "{" not in gap.meaning + gap.do
