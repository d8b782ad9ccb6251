"""keep shares nobody claimed, and ways back"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision: str = '0005'
down_revision: str | None = '0004'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('unclaimed_accounts',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('waba_id', sa.String(length=64), nullable=False),
    sa.Column('business_id', sa.String(length=64), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('solution_id', sa.String(length=64), nullable=True),
    sa.Column('told_at', UtcDateTime(), nullable=False),
    sa.Column('seen_at', UtcDateTime(), nullable=False),
    sa.Column('account_name', sa.String(length=200), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=True),
    sa.Column('settled_at', UtcDateTime(), nullable=True),
    sa.Column('settled_as', sa.String(length=16), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('onboarding_id', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['onboarding_id'], ['onboardings.id'], name=op.f('fk_unclaimed_accounts_onboarding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unclaimed_accounts'))
    )
    with op.batch_alter_table('unclaimed_accounts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unclaimed_accounts_waba_id'), ['waba_id'], unique=False)
        batch_op.create_index('uq_unclaimed_open', ['waba_id'], unique=True, sqlite_where=sa.text("settled_at IS NULL"), postgresql_where=sa.text("settled_at IS NULL"))

    with op.batch_alter_table('signups', schema=None) as batch_op:
        batch_op.add_column(sa.Column('way', sa.String(length=16), nullable=False, server_default='popup'))
        batch_op.add_column(sa.Column('state_hash', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('state_used_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('redirect_uri', sa.String(length=300), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_signups_state_hash'), ['state_hash'])


def downgrade() -> None:
    with op.batch_alter_table('signups', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_signups_state_hash'), type_='unique')
        batch_op.drop_column('redirect_uri')
        batch_op.drop_column('state_used_at')
        batch_op.drop_column('state_hash')
        batch_op.drop_column('way')

    with op.batch_alter_table('unclaimed_accounts', schema=None) as batch_op:
        batch_op.drop_index('uq_unclaimed_open', sqlite_where=sa.text("settled_at IS NULL"), postgresql_where=sa.text("settled_at IS NULL"))
        batch_op.drop_index(batch_op.f('ix_unclaimed_accounts_waba_id'))

    op.drop_table('unclaimed_accounts')
