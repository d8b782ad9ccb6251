"""`flask backup`: copies of the database while it works, and the way back."""

from pathlib import Path

import click

from app.cli.told import Commands, note
from app.kit import clock
from app.records.backups import BackupFailed, check_restored, make_backup, read_note, restore_backup
from app.web.here import rt

backup = Commands("backup", help="Copies of the database, and the way back.")


@backup.command("make")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="A folder; else DATA_DIR/backups."
)
def make(folder: Path | None) -> None:
    """Copy the database while everything goes on; prints the file."""
    try:
        path = make_backup(rt().db, folder or rt().settings.data_dir / "backups", now=clock.now())
    except BackupFailed as failed:
        raise click.ClickException(str(failed)) from None
    keys = ", ".join(read_note(path).keys) or "none"
    note(f"It needs these of CREDENTIAL_KEYS to be of use: {keys}. Keep them elsewhere.")
    click.echo(str(path))


@backup.command("restore")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.confirmation_option(prompt="The database is replaced by the backup. Go on?")
def restore(path: Path) -> None:
    """Put a backup in the place of the database; web, worker and clock must not run."""
    try:
        found = restore_backup(rt().db, path, now=clock.now())
    except BackupFailed as failed:
        raise click.ClickException(str(failed)) from None
    wrong = check_restored(rt().db, rt().vault, found)
    if wrong:
        raise click.ClickException("Restored, but: " + "; ".join(wrong))
    note(f"Restored from {found.made_at}: {sum(found.rows.values())} rows, and the newest secret opens.")
