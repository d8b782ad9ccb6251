"""keep why a code was refused"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = '0004'
down_revision: str | None = '0003'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('signups', schema=None) as batch_op:
        batch_op.add_column(sa.Column('code_refused', sa.String(length=64), nullable=True))
    with op.batch_alter_table('onboardings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_onboardings_business_id'), ['business_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_onboardings_link_id'), ['link_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('onboardings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_onboardings_link_id'))
        batch_op.drop_index(batch_op.f('ix_onboardings_business_id'))
    with op.batch_alter_table('signups', schema=None) as batch_op:
        batch_op.drop_column('code_refused')
