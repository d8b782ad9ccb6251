"""give onboardings ways, waits and acts"""

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision: str = '0002'
down_revision: str | None = '0001'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('acts',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('what', sa.String(length=32), nullable=False),
    sa.Column('onboarding_id', sa.String(length=36), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('by_hand', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['onboarding_id'], ['onboardings.id'], name=op.f('fk_acts_onboarding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_acts'))
    )
    with op.batch_alter_table('acts', schema=None) as batch_op:
        batch_op.create_index('ix_acts_subject', ['subject', 'what', 'at'], unique=False)
        batch_op.create_index('uq_acts_pending', ['subject', 'what'], unique=True, sqlite_where=sa.text("outcome = 'pending'"), postgresql_where=sa.text("outcome = 'pending'"))

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('paused_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('ended_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('ended_because', sa.String(length=64), nullable=True))

    with op.batch_alter_table('numbers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('code_verification_status', sa.String(length=32), nullable=True))

    with op.batch_alter_table('onboardings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lead_id', sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column('way', sa.String(length=16), nullable=False, server_default='popup'))
        batch_op.add_column(sa.Column('on_our_credit', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('ended_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('ended_because', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('replaced_by_id', sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f('ix_onboardings_lead_id'), ['lead_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_onboardings_lead_id'), 'onboardings', ['lead_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_onboardings_replaced_by_id'), 'onboardings', ['replaced_by_id'], ['id'])

    with op.batch_alter_table('steps', schema=None) as batch_op:
        batch_op.add_column(sa.Column('waits_for', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('waiting_since', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('waits_until', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('polls', sa.Integer(), nullable=False, server_default='0'))
    _keep_intentions()


def _keep_intentions() -> None:
    """What runs under way had written into their steps' evidence stands among the acts from now on."""
    steps = sa.table("steps", sa.column("onboarding_id"), sa.column("evidence", sa.JSON()))
    runs = sa.table("onboardings", sa.column("id"), sa.column("waba_id"), sa.column("phone_number_id"))
    acts = sa.table(
        "acts",
        sa.column("id"), sa.column("subject"), sa.column("what"), sa.column("onboarding_id"),
        sa.column("at", UtcDateTime()), sa.column("outcome"), sa.column("by_hand", sa.Boolean()),
    )
    found = sa.select(runs.c.id, runs.c.waba_id, runs.c.phone_number_id, steps.c.evidence).join(
        steps, steps.c.onboarding_id == runs.c.id
    )
    bind = op.get_bind()
    for run in bind.execute(found).all():
        for intent in (run.evidence or {}).get("intents", []):
            subject = run.waba_id if intent["what"] in ("share", "attach") else run.phone_number_id
            if subject is not None:
                bind.execute(
                    acts.insert().values(
                        id=str(uuid.uuid4()), subject=subject, what=intent["what"], onboarding_id=run.id,
                        at=datetime.fromisoformat(intent["at"]), outcome="unknown", by_hand=False,
                    )
                )



def downgrade() -> None:
    with op.batch_alter_table('steps', schema=None) as batch_op:
        batch_op.drop_column('polls')
        batch_op.drop_column('waits_until')
        batch_op.drop_column('waiting_since')
        batch_op.drop_column('waits_for')

    with op.batch_alter_table('onboardings', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_onboardings_replaced_by_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_onboardings_lead_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_onboardings_lead_id'))
        batch_op.drop_column('replaced_by_id')
        batch_op.drop_column('ended_because')
        batch_op.drop_column('ended_at')
        batch_op.drop_column('on_our_credit')
        batch_op.drop_column('way')
        batch_op.drop_column('lead_id')

    with op.batch_alter_table('numbers', schema=None) as batch_op:
        batch_op.drop_column('code_verification_status')

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_column('ended_because')
        batch_op.drop_column('ended_at')
        batch_op.drop_column('paused_at')

    with op.batch_alter_table('acts', schema=None) as batch_op:
        batch_op.drop_index('uq_acts_pending', sqlite_where=sa.text("outcome = 'pending'"), postgresql_where=sa.text("outcome = 'pending'"))
        batch_op.drop_index('ix_acts_subject')

    op.drop_table('acts')
