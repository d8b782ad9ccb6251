"""`flask accounts`: what others share with our portfolio, and taking it over."""

from collections.abc import Iterator, Sequence

import click

from app.audit.store import SYSTEM
from app.cli.told import Commands, note, table
from app.console.words import FUNDING_WORDS, VERDICT_WORDS, number_of
from app.kit import clock
from app.onboarding.arrivals.adoption import Order, Preview, adopt, all_free, preview
from app.onboarding.arrivals.beginnings import ClientChoice
from app.onboarding.arrivals.taking_forms import read_orders
from app.onboarding.shares.adopting import Offer
from app.onboarding.shares.shared_accounts import list_shared
from app.web.here import rt

accounts = Commands("accounts", help="Accounts that are shared with our portfolio, and taking them over.")


@accounts.command("list")
@click.option("--all", "held_too", is_flag=True, help="Those we hold too.")
@click.option("--after", help="The next page, as the end of the page before tells it.")
def show(held_too: bool, after: str | None) -> None:
    """List shared accounts that we do not hold."""
    page = list_shared(rt(), after=after, held_too=held_too)
    rows = [
        (
            one.waba_id,
            one.account.name or "",
            one.account.owner_business_name or one.account.owner_business_id or "",
            one.account.currency or "none",
            _numbers(one),
            {True: "yes", False: "no", None: "unknown"}[one.subscribed],
            FUNDING_WORDS[one.funding],
            VERDICT_WORDS[one.verdict] + (f" ({one.holder.client_name})" if one.holder else ""),
        )
        for one in page.offers
    ]
    headings = ("Id", "Account", "Portfolio", "Currency", "Numbers", "Heard", "Who pays", "With us")
    table(headings, rows, empty="No shared account that we do not hold.")
    if page.after:
        note(f"More: --after {page.after}")


@accounts.command("adopt")
@click.argument("account_ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every shared account that we do not hold.")
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--share-credit", is_flag=True, help="Share our credit line where nobody pays yet.")
@click.option("--client-id", help="A client of ours, by our key.")
@click.option("--external-ref", help="Your own key for the client; made if it is new.")
@click.option("--client-name", help="What a new client is called; else as Meta calls it.")
def take_over(
    account_ids: tuple[str, ...],
    everything: bool,
    dry_run: bool,
    yes: bool,
    share_credit: bool,
    client_id: str | None,
    external_ref: str | None,
    client_name: str | None,
) -> None:
    """Take accounts over. What it would do is told first, and done only when you say so."""
    whose = {"client_id": client_id, "external_ref": external_ref, "client_name": client_name}
    named = {key: value for key, value in whose.items() if value is not None}
    if everything == bool(account_ids):
        raise click.UsageError("Name accounts, or say --all.")
    if everything and named:
        raise click.UsageError("With --all each account goes to the client of its own portfolio.")
    if everything:
        batches: Iterator[Sequence[Order]] = (
            [Order(one.waba_id, share_credit, ClientChoice()) for one in batch] for batch in all_free(_pages())
        )
    else:
        given = [{"waba_id": one, "share_credit": share_credit, **named} for one in account_ids]
        batches = iter([read_orders({"accounts": given})])
    some = False
    for orders in batches:
        some = True
        seen = preview(rt(), orders)
        _tell(seen)
        possible = [one.order for one in seen if not one.why_not]
        if dry_run or not possible:
            continue
        if not yes and not click.confirm(f"Take {len(possible)} over?", err=True):
            continue
        done = adopt(rt(), possible, actor=SYSTEM, now=clock.now())
        table(
            ("Account", "Reference", "What"), [(one.waba_id, one.reference or "", one.words) for one in done], empty=""
        )
    if not some:
        note("No shared account that we do not hold.")


def _pages() -> Iterator[Sequence[Offer]]:
    after: str | None = None
    while True:
        page = list_shared(rt(), after=after)
        yield page.offers
        after = page.after
        if after is None:
            return


def _tell(seen: Sequence[Preview]) -> None:
    rows = []
    for one in seen:
        if one.why_not:
            rows.append((one.order.waba_id, one.client, "", "", one.why_not))
        rows += [
            (
                one.order.waba_id if place == 0 else "",
                one.client if place == 0 else "",
                "changes" if step.changes else "reads",
                step.step,
                f"{step.number}: {step.words}" if step.number else step.words,
            )
            for place, step in enumerate(one.steps)
        ]
    table(("Account", "Client", "At Meta", "Step", "What"), rows, empty="")


def _numbers(offer: Offer) -> str:
    shown = [f"{number_of(one.display_phone_number)} {(one.status or 'unknown').lower()}" for one in offer.numbers]
    return ", ".join(shown) + (" and more" if offer.more_numbers else "") or "none"
