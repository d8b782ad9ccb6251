"""watch over tokens and keep every try"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision: str = '0009'
down_revision: str | None = '0008'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # Before anything refers to it: SQLite makes the table of credentials anew.
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('token_dead_at', UtcDateTime(), nullable=True))

    with op.batch_alter_table('credentials', schema=None) as batch_op:
        batch_op.alter_column('client_id',
               existing_type=sa.VARCHAR(length=36),
               nullable=True)

    op.create_table('token_warnings',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('credential_id', sa.String(length=36), nullable=False),
    sa.Column('stage', sa.String(length=8), nullable=False),
    sa.Column('client_id', sa.String(length=36), nullable=False),
    sa.Column('account_id', sa.String(length=36), nullable=False),
    sa.Column('link_id', sa.String(length=36), nullable=False),
    sa.Column('days_left', sa.Integer(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_token_warnings_account_id')),
    sa.ForeignKeyConstraint(['client_id'], ['clients.id'], name=op.f('fk_token_warnings_client_id')),
    sa.ForeignKeyConstraint(['credential_id'], ['credentials.id'], name=op.f('fk_token_warnings_credential_id')),
    sa.ForeignKeyConstraint(['link_id'], ['links.id'], name=op.f('fk_token_warnings_link_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_token_warnings')),
    sa.UniqueConstraint('credential_id', 'stage', name=op.f('uq_token_warnings_credential_id_stage'))
    )
    with op.batch_alter_table('token_warnings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_token_warnings_client_id'), ['client_id'], unique=False)

    op.create_table('token_watches',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('scope', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('client_id', sa.String(length=36), nullable=True),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('credential_id', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('began_at', UtcDateTime(), nullable=False),
    sa.Column('ends_at', UtcDateTime(), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('alarmed', sa.Boolean(), nullable=False),
    sa.Column('dead_since', UtcDateTime(), nullable=True),
    sa.Column('suspected', sa.String(length=32), nullable=True),
    sa.Column('asked_by', sa.String(length=16), nullable=True),
    sa.Column('last_way', sa.String(length=16), nullable=True),
    sa.Column('last_outcome', sa.String(length=16), nullable=True),
    sa.Column('last_at', UtcDateTime(), nullable=True),
    sa.Column('due_at', UtcDateTime(), nullable=True),
    sa.Column('leased_until', UtcDateTime(), nullable=True),
    sa.Column('leased_by', sa.String(length=64), nullable=True),
    sa.Column('claims', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['clients.id'], name=op.f('fk_token_watches_client_id')),
    sa.ForeignKeyConstraint(['credential_id'], ['credentials.id'], name=op.f('fk_token_watches_credential_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_token_watches')),
    sa.UniqueConstraint('scope', name=op.f('uq_token_watches_scope'))
    )
    with op.batch_alter_table('token_watches', schema=None) as batch_op:
        batch_op.create_index('ix_token_watches_client_id', ['client_id'], unique=False)
        batch_op.create_index('ix_token_watches_due', ['due_at', 'id'], unique=False)

    op.create_table('token_renewals',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('watch_id', sa.String(length=36), nullable=False),
    sa.Column('credential_id', sa.String(length=36), nullable=False),
    sa.Column('way', sa.String(length=16), nullable=False),
    sa.Column('asked_by', sa.String(length=16), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('took_ms', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('code', sa.Integer(), nullable=True),
    sa.Column('subcode', sa.Integer(), nullable=True),
    sa.Column('trace_id', sa.String(length=64), nullable=True),
    sa.Column('new_credential_id', sa.String(length=36), nullable=True),
    sa.Column('old_end', UtcDateTime(), nullable=True),
    sa.Column('new_end', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['credential_id'], ['credentials.id'], name=op.f('fk_token_renewals_credential_id')),
    sa.ForeignKeyConstraint(['new_credential_id'], ['credentials.id'], name=op.f('fk_token_renewals_new_credential_id')),
    sa.ForeignKeyConstraint(['watch_id'], ['token_watches.id'], name=op.f('fk_token_renewals_watch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_token_renewals'))
    )
    with op.batch_alter_table('token_renewals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_token_renewals_asked_by'), ['asked_by'], unique=False)
        batch_op.create_index('ix_token_renewals_at', ['at'], unique=False)
        batch_op.create_index('ix_token_renewals_watch', ['watch_id', 'at'], unique=False)

    # ### end Alembic commands ###


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table('token_renewals', schema=None) as batch_op:
        batch_op.drop_index('ix_token_renewals_watch')
        batch_op.drop_index('ix_token_renewals_at')
        batch_op.drop_index(batch_op.f('ix_token_renewals_asked_by'))

    op.drop_table('token_renewals')
    with op.batch_alter_table('token_watches', schema=None) as batch_op:
        batch_op.drop_index('ix_token_watches_due')
        batch_op.drop_index('ix_token_watches_client_id')

    op.drop_table('token_watches')
    with op.batch_alter_table('token_warnings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_token_warnings_client_id'))

    op.drop_table('token_warnings')
    # What has no client had no place before; META_SYSTEM_TOKEN seeds it again.
    op.execute("DELETE FROM credentials WHERE client_id IS NULL")
    with op.batch_alter_table('credentials', schema=None) as batch_op:
        batch_op.alter_column('client_id',
               existing_type=sa.VARCHAR(length=36),
               nullable=False)

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_column('token_dead_at')

    # ### end Alembic commands ###
