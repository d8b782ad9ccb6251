"""`make demo`: three clients come aboard over real HTTP through real processes; each step is shown with its proof.

A new number; a number that stays on the phone app; and one whose credit line Meta refuses at first and a person then
repairs in the console. Exit code 0 only when all three end live.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.local_meta import LocalMeta
from bench.partner import Onboarding, Partner, is_live, step
from bench.stack import Stack, StackDown, stack
from bench.staff import Staff
from bench.visitor import Visitor

CREDIT_REFUSED = {
    "status": 400,
    "body": {
        "error": {
            "message": "(#200) You do not have the necessary permissions to share this credit line.",
            "type": "OAuthException",
            "code": 200,
            "fbtrace_id": "ExampleTrace0001",
        }
    },
}
CONTACT = "447700900" + "555"  # a number that Ofcom keeps for stories
out = Console(highlight=False, width=None if sys.stdout.isatty() else 120)


@dataclass(frozen=True)
class Scene:
    """One client of the demo and how it comes aboard."""

    client: str
    story: str
    play: Callable[["Stage", "Scene"], Onboarding]


@dataclass(frozen=True)
class Stage:
    """Who acts: the local Meta, the partner's program, and a member of staff."""

    house: Stack
    meta: LocalMeta
    partner: Partner

    def come_aboard(self, client: str, plan: str) -> tuple[Visitor, str]:
        """A link, the page, the popup, and what it hands over; the browser, and the onboarding's reference."""
        contact = {"name": "Alex Example", "email": "alex@example.com"}
        link = self.partner.make_link(client, external_ref=client.lower(), contact=contact)
        visitor = Visitor(link["url"])
        visitor.open_window(plan)
        popup = self.meta.sign_up(plan)
        reference = visitor.give_code(popup.code)
        visitor.give_event(popup.event)
        return visitor, reference

    def say_hi(self, visitor: Visitor, reference: str) -> Onboarding:
        """A contact sends the test message of the page, from another phone; the onboarding once that is answered."""
        found = self.partner.wait(reference, lambda seen: step(seen, "test")["state"] == "attention")
        self.meta.write(found["number"]["phone_number_id"], CONTACT, visitor.test_message())
        return self.partner.wait(reference, is_live)


def play_standard(stage: Stage, scene: Scene) -> Onboarding:
    return stage.say_hi(*stage.come_aboard(scene.client, "standard"))


def play_phone_app(stage: Stage, scene: Scene) -> Onboarding:
    return stage.say_hi(*stage.come_aboard(scene.client, "coexistence"))


def play_refused_credit(stage: Stage, scene: Scene) -> Onboarding:
    fault = stage.meta.fault(path="*/whatsapp_credit_sharing_and_attach", method="POST", action=CREDIT_REFUSED)
    visitor, reference = stage.come_aboard(scene.client, "standard")
    stuck = stage.partner.wait(reference, lambda seen: step(seen, "credit")["state"] == "attention")
    error = step(stuck, "credit")["error"]
    out.print(f"  Credit refused: {error['meaning']} [dim]({error['who']}: {error['action']})[/dim]")
    stage.meta.lift(fault)
    demo = stage.house.demo
    staff = Staff(stage.house.base_url, demo["staff_email"], demo["staff_password"])
    staff.press(f"/console/onboardings/{reference}", "/steps/credit/retry")
    out.print("  The terms are accepted; a member of staff presses [bold]Try again[/bold] in the console.")
    return stage.say_hi(visitor, reference)


SCENES = (
    Scene("Example Bakery", "a new number", play_standard),
    Scene("Example Florist", "a number that stays on the phone app", play_phone_app),
    Scene("Example Garage", "Meta refuses the credit line; staff repair it", play_refused_credit),
)


# Which step shows which proofs; the API's names of both.
SHOWN_BY = {
    "exchange": ("token",),
    "subscribe": ("subscription", "callback"),
    "credit": ("credit",),
    "register": ("registered",),
    "sync": ("registered",),
    "test": ("received", "sent"),
}


def show(onboarding: Onboarding) -> None:
    """The step table of one onboarding: how each step went, and what proves it."""
    begun = read_time(onboarding["begun_at"])
    proofs = {proof["name"]: proof for proof in onboarding["proofs"]}
    table = Table("Step", "State", "Began", "Took", "Tries", "Proof", box=None, pad_edge=False, header_style="dim")
    for row in onboarding["steps"]:
        shown = [proofs[name] for name in SHOWN_BY[row["name"]] if name in proofs]
        table.add_row(
            row["title"],
            f"[green]{row['state']}[/green]" if row["state"] == "done" else f"[yellow]{row['state']}[/yellow]",
            since(begun, row["started_at"]),
            took(row["started_at"], row["finished_at"]),
            str(row["attempts"]),
            "  ".join(f"{mark(proof['ok'])} {proof['name']} {since(begun, proof['seen_at'])}" for proof in shown),
        )
    out.print(table)
    out.print(
        f"[bold green]{onboarding['status']}[/bold green] {since(begun, onboarding['live_at'])} after the code, "
        f"number {onboarding['number']['display_phone_number']}, reference {onboarding['reference']}\n"
    )


def mark(ok: bool) -> str:
    return "[green]✓[/green]" if ok else "[red]✗[/red]"


def read_time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def since(begun: datetime, text: str | None) -> str:
    return "–" if text is None else f"+{(read_time(text) - begun).total_seconds():.2f} s"


def took(began: str | None, ended: str | None) -> str:
    return "–" if began is None or ended is None else f"{(read_time(ended) - read_time(began)).total_seconds():.2f} s"


def ends_well(onboarding: Onboarding) -> bool:
    """Live, every step done, every proof seen."""
    steps: list[dict[str, Any]] = onboarding["steps"]
    proofs: list[dict[str, Any]] = onboarding["proofs"]
    return (
        onboarding["status"] == "live"
        and all(row["state"] == "done" for row in steps)
        and len(proofs) > 0
        and all(proof["ok"] for proof in proofs)
    )


def main() -> int:
    out.print("Starting the house on free ports …\n")
    ended: list[bool] = []
    try:
        with stack() as house:
            stage = Stage(house, LocalMeta(house.sandbox_url), Partner(house.base_url, house.demo["api_key"]))
            for scene in SCENES:
                out.print(f"[bold]{scene.client}[/bold]: {scene.story}")
                onboarding = scene.play(stage, scene)
                show(onboarding)
                ended.append(ends_well(onboarding))
    except (StackDown, TimeoutError, RuntimeError, LookupError) as trouble:
        out.print(f"[bold red]The demo stopped:[/bold red] {trouble}", markup=True)
        return 1
    out.print(f"{sum(ended)} of {len(SCENES)} clients are live.")
    return 0 if len(ended) == len(SCENES) and all(ended) else 1


if __name__ == "__main__":
    sys.exit(main())
