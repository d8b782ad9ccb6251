"""A database that is empty again: what was written is taken out, and what nobody touched is not written to."""

from sqlalchemy import delete, exists, literal_column, select, union_all

from app.db import Database
from app.models import Base

# Children first. Written out once: a test in two begins with an empty database.
_DELETES = {table.name: str(delete(table)) for table in reversed(Base.metadata.sorted_tables)}
_NAMES_OF_FULL = str(
    union_all(
        *(
            select(literal_column(f"'{table.name}'")).where(exists().select_from(table))
            for table in Base.metadata.sorted_tables
        )
    )
)


def empty(database: Database) -> None:
    """Not TRUNCATE: on PostgreSQL that makes the files of each table anew and takes longer than most tests."""
    with database.read() as session:
        full = set(session.connection().exec_driver_sql(_NAMES_OF_FULL).scalars())
    if full:
        with database.write() as session:
            for table, statement in _DELETES.items():
                if table in full:
                    session.connection().exec_driver_sql(statement)
