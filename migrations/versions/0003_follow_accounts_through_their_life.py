"""follow accounts through their life, and syncs through their chunks"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision: str = '0003'
down_revision: str | None = '0002'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('account_events',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('waba_id', sa.String(length=64), nullable=False),
    sa.Column('digits', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('heard_at', UtcDateTime(), nullable=False),
    sa.Column('because', sa.String(length=64), nullable=True),
    sa.Column('by', sa.String(length=16), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_events')),
    sa.UniqueConstraint('waba_id', 'digits', 'kind', name=op.f('uq_account_events_waba_id_digits_kind'))
    )
    op.create_table('syncs',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('onboarding_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('until', UtcDateTime(), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=True),
    sa.Column('request_id', sa.String(length=255), nullable=True),
    sa.Column('chunks', sa.JSON(), nullable=False),
    sa.Column('seen_at', UtcDateTime(), nullable=True),
    sa.Column('declined_at', UtcDateTime(), nullable=True),
    sa.Column('done_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['onboarding_id'], ['onboardings.id'], name=op.f('fk_syncs_onboarding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_syncs')),
    sa.UniqueConstraint('onboarding_id', 'kind', name=op.f('uq_syncs_onboarding_id_kind'))
    )
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('country', sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column('told', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('shared_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('ended_by', sa.String(length=16), nullable=True))

    with op.batch_alter_table('numbers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ended_at', UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('numbers', schema=None) as batch_op:
        batch_op.drop_column('ended_at')

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_column('ended_by')
        batch_op.drop_column('shared_at')
        batch_op.drop_column('told')
        batch_op.drop_column('country')

    op.drop_table('syncs')
    op.drop_table('account_events')
