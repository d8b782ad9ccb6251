from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.upkeep.doctor.facts import ClientToken, ProvenRenewal
from app.upkeep.doctor.rules import signup
from app.upkeep.doctor.verdicts import verdict
from tests.upkeep.doctor.healthy import APP, NOON, OURS, SILENT, of_house, of_meta, of_records

HOME, BACK = "https://connect.partner.example", "https://connect.partner.example/connect/back"
NO_ANSWER = verdict("unchecked", because="Meta gave no answer in time")


@pytest.mark.parametrize(
    ("popup", "redirect", "case"),
    [
        (None, None, "look"),
        ("config", None, "refused"),
        (None, "config", "refused"),
        ("config", SILENT, "refused"),
        ("domain", "redirect", "look"),
        (SILENT, None, "look"),
        (None, SILENT, "look"),
        (SILENT, SILENT, "silent"),
    ],
)
def test_only_a_refusal_says_something_of_the_configuration(popup: Any, redirect: Any, case: str) -> None:
    both = {HOME: None if redirect == "config" else redirect, BACK: redirect}
    assert signup.signup_config(of_meta(popup=popup, redirects=both), NOON) == verdict(case)


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (None, verdict("look")),
        (ClientToken(NOON, None), verdict("never")),
        (ClientToken(NOON, NOON + timedelta(days=60)), verdict("they_end", days=60, renew_from=45)),
        # Meta gave it ninety seconds before we kept it
        (
            ClientToken(NOON, NOON + timedelta(days=60) - timedelta(seconds=90)),
            verdict("they_end", days=60, renew_from=45),
        ),
        (ClientToken(NOON, NOON + timedelta(days=30)), verdict("they_end", days=30, renew_from=30)),
    ],
)
def test_what_tokens_live_is_told_by_the_newest_one(token: ClientToken | None, said: object) -> None:
    assert signup.client_tokens(of_records(newest_token=token), NOON) == said


TRIED = ProvenRenewal(NOON, "Example Bakery", None, "It was refused.", waits=False, new_end=None)
WORDS = {"day": "25 November 2026", "client": "Example Bakery", "said": "It was refused."}


@pytest.mark.parametrize(
    ("proven", "said"),
    [
        (TRIED, verdict("refused", **WORDS)),
        (replace(TRIED, waits=True), verdict("unclear", **WORDS)),
        (
            replace(TRIED, worked_by="exchange", waits=True, new_end=NOON + timedelta(days=60)),
            verdict("renewed", end="24 January 2027", **WORDS),
        ),
        (replace(TRIED, worked_by="fetch"), verdict("renewed", end="never", **WORDS)),
    ],
)
def test_what_meta_said_to_the_one_real_renewal_is_told(proven: ProvenRenewal, said: object) -> None:
    token = ClientToken(NOON, NOON + timedelta(days=60))
    assert signup.client_tokens(of_records(newest_token=token, proven=proven), NOON) == said


def test_clients_whose_tokens_never_end_need_no_renewal() -> None:
    assert signup.client_tokens(of_records(newest_token=ClientToken(NOON, None), proven=TRIED), NOON) == verdict(
        "never"
    )


def test_without_a_database_no_token_is_known() -> None:
    told = verdict("unchecked", because="the database does not answer")
    assert signup.client_tokens(of_house(records=SILENT), NOON) == told


@pytest.mark.parametrize(
    ("host", "domains", "said"),
    [
        ("connect.partner.example", ("connect.partner.example",), verdict("ok", host="connect.partner.example")),
        ("connect.partner.example", ("x.example", "Partner.example"), verdict("ok", host="connect.partner.example")),
        (
            "connect.partner.example",
            ("ner.example", "www.partner.example"),
            verdict("missing", host="connect.partner.example", listed="ner.example, www.partner.example"),
        ),
        ("connect.partner.example", (), verdict("missing", host="connect.partner.example", listed="none")),
    ],
)
def test_a_domain_covers_itself_and_what_is_below(host: str, domains: tuple[str, ...], said: object) -> None:
    facts = replace(of_meta(app=replace(APP, domains=domains)), ours=replace(OURS, host=host))
    assert signup.app_domains(facts, NOON) == said


def test_this_machine_alone_is_no_domain_of_an_app_but_beside_a_local_meta_it_is_one() -> None:
    bare = replace(of_meta(app=replace(APP, domains=())), ours=replace(OURS, host="localhost", loopback=True))
    told = verdict("unchecked", because="PUBLIC_URL is this machine alone")
    assert signup.app_domains(bare, NOON) == told
    rehearsed = replace(bare, ours=replace(bare.ours, rehearsal=True))
    assert signup.app_domains(rehearsed, NOON) == verdict("missing", host="localhost", listed="none")
    assert signup.app_domains(of_meta(app=SILENT), NOON) == NO_ANSWER


@pytest.mark.parametrize(
    ("popup", "case"),
    [(None, "look"), ("domain", "refused"), ("redirect", "look"), ("app", "look"), (SILENT, "silent")],
)
def test_the_sdks_domains_are_never_in_order_without_a_refusal(popup: Any, case: str) -> None:
    facts = of_meta(popup=popup, redirects={HOME: "domain", BACK: "domain"})
    assert signup.sdk_domain(facts, NOON) == verdict(case, host="connect.partner.example")


@pytest.mark.parametrize(
    ("home", "back", "said"),
    [
        (None, None, verdict("look", addresses=f"{HOME} and {BACK}")),
        ("redirect", None, verdict("refused", refused=HOME)),
        (SILENT, "redirect", verdict("refused", refused=BACK)),
        ("redirect", "redirect", verdict("refused", refused=f"{HOME} and {BACK}")),
        ("domain", None, verdict("look", addresses=f"{HOME} and {BACK}")),
        (SILENT, None, verdict("look", addresses=f"{HOME} and {BACK}")),
        (SILENT, SILENT, verdict("silent", addresses=f"{HOME} and {BACK}")),
    ],
)
def test_each_redirect_address_that_is_refused_is_named(home: Any, back: Any, said: object) -> None:
    facts = of_meta(popup="redirect", redirects={HOME: home, BACK: back})
    assert signup.redirect_addresses(facts, NOON) == said
