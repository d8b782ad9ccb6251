"""ALERT_URLS, by hand: what each entry wants, what it is called, and what cannot be used."""

import pytest

from app.kit.secret import Secret
from app.upkeep.alerts.channels import read_channels

# entry: (label, from this severity on, kinds)
USABLE = {
    "mail:ops@partner.example": ("mail to ops@partner.example", "warning", set()),
    "critical=mail:boss@partner.example": ("mail to boss@partner.example", "critical", set()),
    "notice,urgent=jsons://hooks.partner.example/path": ("jsons hooks.partner.example", "notice", set()),
    "token_dead=json://localhost:9/x": ("json localhost", None, {"token_dead"}),
    "urgent,quality_dropped=slack://TAAAAAAAA/BAAAAAAAA/aaaaaaaaaaaaaaaaaaaaaaaa/#ops": (
        "slack", "urgent", {"quality_dropped"},
    ),
}  # fmt: skip
REFUSED = {
    "terrible=mail:ops@partner.example": "entry 1: terrible is neither a severity nor a kind of incident",
    "mail:nobody": "entry 1: this is no address that can be told anything",
    "gopher://hooks.partner.example": "entry 1: this is no address that can be told anything",
    "just-words": "entry 1: this is no address that can be told anything",
}


@pytest.mark.parametrize("entry", USABLE)
def test_an_entry_says_who_is_told_what(entry: str) -> None:
    found = read_channels([Secret(entry)])
    assert found.problems == ()
    (channel,) = found.usable
    assert (channel.label, channel.severity, set(channel.kinds)) == USABLE[entry]


@pytest.mark.parametrize("entry", REFUSED)
def test_an_entry_that_cannot_be_used_is_named_by_its_place_and_keeps_no_other_from_use(entry: str) -> None:
    found = read_channels([Secret(entry), Secret("mail:ops@partner.example")])
    assert found.problems == (REFUSED[entry],)
    assert [channel.label for channel in found.usable] == ["mail to ops@partner.example"]


@pytest.mark.parametrize(
    ("entry", "kind", "severity", "wanted"),
    [
        ("mail:a@b.example", "graph_version", "warning", True),
        ("mail:a@b.example", "key_old", "notice", False),
        ("critical=mail:a@b.example", "token_dead", "urgent", False),
        ("critical=mail:a@b.example", "token_dead", "critical", True),
        ("token_dead=mail:a@b.example", "token_dead", "notice", True),
        ("token_dead=mail:a@b.example", "clock_stopped", "critical", False),
        ("critical,token_dead=mail:a@b.example", "clock_stopped", "critical", True),
    ],
)
def test_routes_go_by_severity_and_kind(entry: str, kind: str, severity: str, wanted: bool) -> None:
    assert read_channels([Secret(entry)]).usable[0].is_for(kind, severity) is wanted


def test_no_secret_of_an_address_is_shown() -> None:
    (channel,) = read_channels([Secret("slack://TAAAAAAAA/BAAAAAAAA/aaaaaaaaaaaaaaaaaaaaaaaa")]).usable
    assert "aaaaaaaa" not in repr(channel) + channel.label + channel.key + channel.wants
    assert "TAAAAAAAA".lower() not in channel.label.lower()
