"""The hand-written table of facts: complete, readable, and speaking of incidents that exist."""

import pytest

from app.incidents.kinds import KINDS, SEVERITIES
from app.upkeep.check.facts import FACTS, FactKind
from app.upkeep.check.repairs import REPAIRS

EACH = pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)


@EACH
def test_a_fact_names_incident_severities_and_words(fact: FactKind) -> None:
    assert fact.kind is None or fact.kind in KINDS
    assert {fact.severity, *fact.bad.values()} <= set(SEVERITIES)
    assert all(words.endswith(".") for words in (fact.wrong, fact.do))
    assert (fact.right == "words") == bool(fact.good)
    assert (fact.right == "least") == bool(fact.scale)
    assert not {*fact.good, *fact.waits} & set(fact.bad)


def test_what_is_ours_to_repair_has_its_repair_and_nothing_else_has() -> None:
    assert set(REPAIRS) == {fact.name for fact in FACTS.values() if fact.repairs == "ours"}


# By hand: facts that are shown and wake nobody, each with the reason.
SHOWN_ONLY = {
    "code_verification": "a connected number loses nothing by it",
    "templates": "each template tells of itself",
}


def test_what_may_stay_wrong_reaches_somebody() -> None:
    assert {name for name, fact in FACTS.items() if fact.kind is None} == set(SHOWN_ONLY)
