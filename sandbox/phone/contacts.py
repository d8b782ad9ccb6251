"""The people whose phone this page may be. Their numbers are reserved for drama: nobody owns them."""

from dataclasses import dataclass

from sandbox.world import World
from sandbox.world.example_numbers import to_display


@dataclass(frozen=True, slots=True)
class Player:
    """One choice of the "Write as" list."""

    digits: str
    name: str
    note: str = ""

    @property
    def label(self) -> str:
        """Name, number in groups, and what is special about the person."""
        digits = self.digits
        shown = f"+44 {digits[2:6]} {digits[6:]}" if digits.startswith("447") else to_display(digits)
        return f"{self.name}, {shown} ({self.note})" if self.note else f"{self.name}, {shown}"


PLAYERS = (
    Player("447700900655", "Alex Example"),
    Player("15550200031", "Sam Example"),
    Player("447700900009", "Robin Example", "hides the number"),
    Player("447700900002", "Casey Example", "nothing arrives"),
)


def list_players(world: World) -> list[dict[str, str]]:
    """Our own four, then whoever else wrote in this world: ``[{digits, name, label}]``."""
    with world.lock:
        known = [Player(contact.digits, contact.name) for contact in world.records.contacts.values()]
    ours = {player.digits for player in PLAYERS}
    return [
        {"digits": player.digits, "name": player.name, "label": player.label}
        for player in (*PLAYERS, *(player for player in known if player.digits not in ours))
    ]
