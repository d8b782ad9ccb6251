"""Judgements about Meta's signup window: its configuration, and from which pages it may be opened.

Graph has no call that reads any of this but the app's own domains. A refusal of the window itself can be believed;
without one a person has to look.
"""

from datetime import datetime, timedelta

from app.upkeep.doctor.facts import Facts, Trouble
from app.upkeep.doctor.verdicts import Verdict, unchecked, untold, verdict

# From this age on a token of sixty days is to be renewed: two weeks are left for whatever goes wrong.
RENEW_FROM = timedelta(days=45)


def signup_config(facts: Facts, _now: datetime) -> Verdict:
    """The window knows the configuration."""
    said = (facts.meta.popup, *facts.meta.redirects.values())
    if "config" in said:
        return verdict("refused")
    return verdict("silent") if all(isinstance(one, Trouble) for one in said) else verdict("look")


def client_tokens(facts: Facts, _now: datetime) -> Verdict:
    """How long a client's token lives, and whether Meta renews one that ends: by what it said when somebody tried."""
    records = facts.house.records
    if isinstance(records, Trouble):
        return unchecked("the database does not answer")
    token, proven = records.newest_token, records.proven
    if token is None:
        return verdict("look")
    if token.ends_at is None:
        return verdict("never")
    if proven is None:
        # What Meta says was issued a moment before we kept it.
        days = round((token.ends_at - token.came_at) / timedelta(days=1))
        return verdict("they_end", days=days, renew_from=min(RENEW_FROM.days, days))
    places = {"day": f"{proven.at.day} {proven.at:%B %Y}", "client": proven.client_name, "said": proven.said}
    if proven.worked_by is not None:
        return verdict(
            "renewed", end=f"{proven.new_end.day} {proven.new_end:%B %Y}" if proven.new_end else "never", **places
        )
    return verdict("unclear" if proven.waits else "refused", **places)


def app_domains(facts: Facts, _now: datetime) -> Verdict:
    """The host of our pages is among the app's domains, itself or below one of them."""
    app, host = facts.meta.app, facts.ours.host
    if facts.ours.loopback and not facts.ours.rehearsal:
        return unchecked("PUBLIC_URL is this machine alone")
    if isinstance(app, Trouble):
        return untold(app)
    listed = ", ".join(app.domains) or "none"
    if any(host == domain or host.endswith(f".{domain}") for domain in map(str.lower, app.domains)):
        return verdict("ok", host=host)
    return verdict("missing", host=host, listed=listed)


def sdk_domain(facts: Facts, _now: datetime) -> Verdict:
    """The window does not refuse a popup that our page opens."""
    said, host = facts.meta.popup, facts.ours.host
    if said == "domain":
        return verdict("refused", host=host)
    return verdict("silent" if isinstance(said, Trouble) else "look", host=host)


def redirect_addresses(facts: Facts, _now: datetime) -> Verdict:
    """The window does not refuse to lead back to any page of ours."""
    said = facts.meta.redirects
    refused = [address for address, answer in said.items() if answer == "redirect"]
    if refused:
        return verdict("refused", refused=" and ".join(refused))
    silent = all(isinstance(answer, Trouble) for answer in said.values())
    return verdict("silent" if silent else "look", addresses=" and ".join(said))
