"""`flask keys`: make a master key, see which rows each one wraps, and put all rows under the newest."""

import click
from flask.cli import AppGroup

from app.credentials import key_service, keyring, rotation
from app.credentials.refusals import KeyServiceRefused, keeper_in_words
from app.credentials.vault import Rewrapped, Vault
from app.web.here import rt

keys = AppGroup("keys", help="The master keys that seal tokens and PINs (CREDENTIAL_KEYS).")


@keys.command("make", with_appcontext=False)
@click.option("--kms", metavar="KEY", help="A key at AWS KMS (ARN, alias/… or id) that makes and seals it.")
def make(kms: str | None) -> None:
    """Print a new key for CREDENTIAL_KEYS or SECRET_KEYS. It is stored nowhere.

    With --kms it is an entry for CREDENTIAL_KEYS that only that key at AWS KMS opens.
    """
    if kms is None:
        click.echo(keyring.new_key())
        return
    try:
        click.echo(key_service.new_entry(kms))
    except KeyServiceRefused as refused:
        raise click.ClickException(str(refused)) from None


@keys.command("list")
def list_keys() -> None:
    """Show each key's id, how many credentials it seals, whether it is newest, older or missing, and who keeps it."""
    vault = rt().vault
    with rt().db.read() as session:
        counts = rotation.list_key_counts(session)
    for key_id in dict.fromkeys((*vault.key_ids, *counts)):
        click.echo(f"{key_id}  {counts.get(key_id, 0):>8}  {_standing(key_id, vault)}")


@keys.command("rotate")
@click.option(
    "--batch", default=rotation.BATCH, show_default=True, type=click.IntRange(1, 10_000), help="Rows at once."
)
def rotate(batch: int) -> None:
    """Put every credential under the newest key while the system works. May be stopped and started again."""
    vault, total = rt().vault, 0

    def report(done: Rewrapped) -> None:
        nonlocal total
        total += done.done
        click.echo(f"{total} rewrapped", err=True)

    result = rotation.rotate(rt().db, vault, most=batch, after_batch=report)
    click.echo(f"{result.done} credentials put under key {vault.key_id}, {result.left} left under older keys.")
    for credential_id in result.broken:
        click.echo(f"cannot be opened: credential {credential_id}", err=True)
    if result.left:
        raise click.ClickException("Keep the older keys in CREDENTIAL_KEYS, and run this again once the cause is gone.")


def _standing(key_id: str, vault: Vault) -> str:
    if key_id not in vault.key_ids:
        return "MISSING from CREDENTIAL_KEYS"
    age = "newest" if key_id == vault.key_id else "older "
    return f"{age}  kept by {keeper_in_words(vault.keeper_of(key_id))}"
