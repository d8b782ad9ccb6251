"""create the first tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.db import UtcDateTime

revision: str = '0001'
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('api_keys',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('prefix', sa.String(length=24), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('used_at', UtcDateTime(), nullable=True),
    sa.Column('revoked_at', UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_keys')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_api_keys_key_hash')),
    sa.UniqueConstraint('prefix', name=op.f('uq_api_keys_prefix'))
    )
    op.create_table('audit_entries',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('actor_kind', sa.String(length=16), nullable=False),
    sa.Column('actor_id', sa.String(length=64), nullable=True),
    sa.Column('action', sa.String(length=64), nullable=False),
    sa.Column('subject_kind', sa.String(length=32), nullable=False),
    sa.Column('subject_id', sa.String(length=64), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entries'))
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entries_subject', ['subject_kind', 'subject_id', 'at'], unique=False)

    op.create_table('beats',
    sa.Column('process', sa.String(length=96), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('beat_at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('process', name=op.f('pk_beats'))
    )
    with op.batch_alter_table('beats', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_beats_role'), ['role'], unique=False)

    op.create_table('clients',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('external_ref', sa.String(length=200), nullable=True),
    sa.Column('contact_name', sa.String(length=200), nullable=True),
    sa.Column('contact_email', sa.String(length=320), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clients')),
    sa.UniqueConstraint('external_ref', name=op.f('uq_clients_external_ref'))
    )
    op.create_table('leaderships',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('holder', sa.String(length=96), nullable=True),
    sa.Column('held_until', UtcDateTime(), nullable=True),
    sa.Column('fence', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_leaderships'))
    )
    op.create_table('messages',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('phone_number_id', sa.String(length=64), nullable=False),
    sa.Column('wamid', sa.String(length=255), nullable=True),
    sa.Column('direction', sa.String(length=4), nullable=False),
    sa.Column('contact', sa.String(length=150), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('test', sa.Boolean(), nullable=False),
    sa.Column('onboarding_id', sa.String(length=36), nullable=True),
    sa.Column('reply_to', sa.String(length=255), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('error_code', sa.Integer(), nullable=True),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('sent_at', UtcDateTime(), nullable=True),
    sa.Column('delivered_at', UtcDateTime(), nullable=True),
    sa.Column('read_at', UtcDateTime(), nullable=True),
    sa.Column('failed_at', UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages')),
    sa.UniqueConstraint('onboarding_id', name=op.f('uq_messages_onboarding_id')),
    sa.UniqueConstraint('phone_number_id', 'wamid', name=op.f('uq_messages_phone_number_id_wamid'))
    )
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.create_index('ix_messages_contact', ['phone_number_id', 'contact', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_wamid'), ['wamid'], unique=False)

    op.create_table('notifications',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', UtcDateTime(), nullable=False),
    sa.Column('repeats', sa.Integer(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('done_at', UtcDateTime(), nullable=True),
    sa.Column('dead_at', UtcDateTime(), nullable=True),
    sa.Column('set_aside', sa.String(length=200), nullable=True),
    sa.Column('trouble', sa.String(length=200), nullable=True),
    sa.Column('due_at', UtcDateTime(), nullable=True),
    sa.Column('leased_until', UtcDateTime(), nullable=True),
    sa.Column('leased_by', sa.String(length=64), nullable=True),
    sa.Column('claims', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notifications')),
    sa.UniqueConstraint('digest', name=op.f('uq_notifications_digest'))
    )
    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.create_index('ix_notifications_due', ['due_at'], unique=False)

    op.create_table('sign_in_tries',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('account_hash', sa.String(length=64), nullable=False),
    sa.Column('network', sa.String(length=64), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_tries'))
    )
    with op.batch_alter_table('sign_in_tries', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_tries_account_hash', ['account_hash', 'at'], unique=False)
        batch_op.create_index('ix_sign_in_tries_network', ['network', 'at'], unique=False)

    op.create_table('staff',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('disabled_at', UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('email', name=op.f('uq_staff_email'))
    )
    op.create_table('accounts',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('client_id', sa.String(length=36), nullable=False),
    sa.Column('waba_id', sa.String(length=64), nullable=False),
    sa.Column('business_id', sa.String(length=64), nullable=True),
    sa.Column('name', sa.String(length=255), nullable=True),
    sa.Column('currency', sa.String(length=8), nullable=True),
    sa.Column('seen_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['clients.id'], name=op.f('fk_accounts_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('client_id', 'waba_id', name=op.f('uq_accounts_client_id_waba_id'))
    )
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accounts_waba_id'), ['waba_id'], unique=False)

    op.create_table('credentials',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('client_id', sa.String(length=36), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('current_scope', sa.String(length=200), nullable=True),
    sa.Column('sealed_secret', sa.LargeBinary(), nullable=False),
    sa.Column('sealed_data_key', sa.LargeBinary(), nullable=False),
    sa.Column('key_id', sa.String(length=64), nullable=False),
    sa.Column('last_four', sa.String(length=4), nullable=True),
    sa.Column('fingerprint', sa.String(length=12), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=True),
    sa.Column('inspected_at', UtcDateTime(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('retired_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['clients.id'], name=op.f('fk_credentials_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credentials')),
    sa.UniqueConstraint('current_scope', name=op.f('uq_credentials_current_scope')),
    sa.UniqueConstraint('kind', 'client_id', 'subject', 'version', name=op.f('uq_credentials_kind_client_id_subject_version'))
    )
    with op.batch_alter_table('credentials', schema=None) as batch_op:
        batch_op.create_index('ix_credentials_key_id', ['key_id'], unique=False)

    op.create_table('links',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('client_id', sa.String(length=36), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('plans', sa.JSON(), nullable=False),
    sa.Column('prefill', sa.JSON(), nullable=False),
    sa.Column('return_urls', sa.JSON(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=False),
    sa.Column('opened_at', UtcDateTime(), nullable=True),
    sa.Column('revoked_at', UtcDateTime(), nullable=True),
    sa.Column('revoked_because', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['clients.id'], name=op.f('fk_links_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_links')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_links_token_hash'))
    )
    with op.batch_alter_table('links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_links_client_id'), ['client_id'], unique=False)

    op.create_table('staff_sessions',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('staff_id', sa.String(length=36), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=True),
    sa.Column('user_agent', sa.String(length=300), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('seen_at', UtcDateTime(), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=False),
    sa.Column('revoked_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_sessions_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_sessions')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_staff_sessions_secret_hash'))
    )
    with op.batch_alter_table('staff_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_sessions_staff_id'), ['staff_id'], unique=False)

    op.create_table('connect_sessions',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('link_id', sa.String(length=36), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=True),
    sa.Column('user_agent', sa.String(length=300), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['links.id'], name=op.f('fk_connect_sessions_link_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_connect_sessions')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_connect_sessions_secret_hash'))
    )
    with op.batch_alter_table('connect_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_connect_sessions_link_id'), ['link_id'], unique=False)

    op.create_table('consents',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('client_id', sa.String(length=36), nullable=False),
    sa.Column('link_id', sa.String(length=36), nullable=False),
    sa.Column('signup_id', sa.String(length=36), nullable=False),
    sa.Column('terms_version', sa.String(length=32), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=True),
    sa.Column('user_agent', sa.String(length=300), nullable=True),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['clients.id'], name=op.f('fk_consents_client_id')),
    sa.ForeignKeyConstraint(['link_id'], ['links.id'], name=op.f('fk_consents_link_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents')),
    sa.UniqueConstraint('signup_id', name=op.f('uq_consents_signup_id'))
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consents_client_id'), ['client_id'], unique=False)

    op.create_table('numbers',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('account_id', sa.String(length=36), nullable=False),
    sa.Column('phone_number_id', sa.String(length=64), nullable=False),
    sa.Column('display_phone_number', sa.String(length=64), nullable=True),
    sa.Column('verified_name', sa.String(length=255), nullable=True),
    sa.Column('status', sa.String(length=32), nullable=True),
    sa.Column('name_status', sa.String(length=32), nullable=True),
    sa.Column('quality_rating', sa.String(length=16), nullable=True),
    sa.Column('platform_type', sa.String(length=32), nullable=True),
    sa.Column('is_on_biz_app', sa.Boolean(), nullable=True),
    sa.Column('seen_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_numbers_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_numbers')),
    sa.UniqueConstraint('account_id', 'phone_number_id', name=op.f('uq_numbers_account_id_phone_number_id'))
    )
    with op.batch_alter_table('numbers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_numbers_phone_number_id'), ['phone_number_id'], unique=False)

    op.create_table('onboardings',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('reference', sa.String(length=32), nullable=False),
    sa.Column('client_id', sa.String(length=36), nullable=False),
    sa.Column('link_id', sa.String(length=36), nullable=True),
    sa.Column('signup_id', sa.String(length=36), nullable=True),
    sa.Column('plan_asked', sa.String(length=32), nullable=True),
    sa.Column('plan', sa.String(length=32), nullable=True),
    sa.Column('event_kind', sa.String(length=64), nullable=True),
    sa.Column('event_ids', sa.JSON(), nullable=False),
    sa.Column('waba_id', sa.String(length=64), nullable=True),
    sa.Column('phone_number_id', sa.String(length=64), nullable=True),
    sa.Column('business_id', sa.String(length=64), nullable=True),
    sa.Column('test_word', sa.String(length=8), nullable=False),
    sa.Column('begun_at', UtcDateTime(), nullable=False),
    sa.Column('due_at', UtcDateTime(), nullable=True),
    sa.Column('leased_until', UtcDateTime(), nullable=True),
    sa.Column('leased_by', sa.String(length=64), nullable=True),
    sa.Column('claims', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['clients.id'], name=op.f('fk_onboardings_client_id')),
    sa.ForeignKeyConstraint(['link_id'], ['links.id'], name=op.f('fk_onboardings_link_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_onboardings')),
    sa.UniqueConstraint('reference', name=op.f('uq_onboardings_reference')),
    sa.UniqueConstraint('signup_id', name=op.f('uq_onboardings_signup_id'))
    )
    with op.batch_alter_table('onboardings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_onboardings_client_id'), ['client_id'], unique=False)
        batch_op.create_index('ix_onboardings_due', ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_onboardings_phone_number_id'), ['phone_number_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_onboardings_waba_id'), ['waba_id'], unique=False)

    op.create_table('proofs',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('onboarding_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('seen_at', UtcDateTime(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['onboarding_id'], ['onboardings.id'], name=op.f('fk_proofs_onboarding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proofs')),
    sa.UniqueConstraint('onboarding_id', 'kind', name=op.f('uq_proofs_onboarding_id_kind'))
    )
    with op.batch_alter_table('proofs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proofs_onboarding_id'), ['onboarding_id'], unique=False)

    op.create_table('signups',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('link_id', sa.String(length=36), nullable=False),
    sa.Column('session_id', sa.String(length=36), nullable=False),
    sa.Column('browser_key', sa.String(length=64), nullable=False),
    sa.Column('plan_asked', sa.String(length=32), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('opened_at', UtcDateTime(), nullable=True),
    sa.Column('code_at', UtcDateTime(), nullable=True),
    sa.Column('event', sa.JSON(), nullable=True),
    sa.Column('event_at', UtcDateTime(), nullable=True),
    sa.Column('closed_at', UtcDateTime(), nullable=True),
    sa.Column('onboarding_id', sa.String(length=36), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['links.id'], name=op.f('fk_signups_link_id')),
    sa.ForeignKeyConstraint(['session_id'], ['connect_sessions.id'], name=op.f('fk_signups_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signups')),
    sa.UniqueConstraint('session_id', 'browser_key', name=op.f('uq_signups_session_id_browser_key'))
    )
    with op.batch_alter_table('signups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signups_link_id'), ['link_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_signups_onboarding_id'), ['onboarding_id'], unique=False)

    op.create_table('step_calls',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('onboarding_id', sa.String(length=36), nullable=False),
    sa.Column('step_name', sa.String(length=16), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('method', sa.String(length=8), nullable=False),
    sa.Column('path', sa.String(length=255), nullable=False),
    sa.Column('request', sa.JSON(), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('reply', sa.JSON(), nullable=True),
    sa.Column('trace_id', sa.String(length=64), nullable=True),
    sa.Column('took_ms', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=300), nullable=True),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['onboarding_id'], ['onboardings.id'], name=op.f('fk_step_calls_onboarding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_step_calls'))
    )
    with op.batch_alter_table('step_calls', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_step_calls_onboarding_id'), ['onboarding_id'], unique=False)

    op.create_table('steps',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('onboarding_id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('next_try_at', UtcDateTime(), nullable=True),
    sa.Column('trouble', sa.JSON(), nullable=True),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('started_at', UtcDateTime(), nullable=True),
    sa.Column('ended_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['onboarding_id'], ['onboardings.id'], name=op.f('fk_steps_onboarding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_steps')),
    sa.UniqueConstraint('onboarding_id', 'name', name=op.f('uq_steps_onboarding_id_name'))
    )
    with op.batch_alter_table('steps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_steps_onboarding_id'), ['onboarding_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('steps', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_steps_onboarding_id'))

    op.drop_table('steps')
    with op.batch_alter_table('step_calls', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_step_calls_onboarding_id'))

    op.drop_table('step_calls')
    with op.batch_alter_table('signups', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signups_onboarding_id'))
        batch_op.drop_index(batch_op.f('ix_signups_link_id'))

    op.drop_table('signups')
    with op.batch_alter_table('proofs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proofs_onboarding_id'))

    op.drop_table('proofs')
    with op.batch_alter_table('onboardings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_onboardings_waba_id'))
        batch_op.drop_index(batch_op.f('ix_onboardings_phone_number_id'))
        batch_op.drop_index('ix_onboardings_due')
        batch_op.drop_index(batch_op.f('ix_onboardings_client_id'))

    op.drop_table('onboardings')
    with op.batch_alter_table('numbers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_numbers_phone_number_id'))

    op.drop_table('numbers')
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consents_client_id'))

    op.drop_table('consents')
    with op.batch_alter_table('connect_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_connect_sessions_link_id'))

    op.drop_table('connect_sessions')
    with op.batch_alter_table('staff_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_sessions_staff_id'))

    op.drop_table('staff_sessions')
    with op.batch_alter_table('links', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_links_client_id'))

    op.drop_table('links')
    with op.batch_alter_table('credentials', schema=None) as batch_op:
        batch_op.drop_index('ix_credentials_key_id')

    op.drop_table('credentials')
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_accounts_waba_id'))

    op.drop_table('accounts')
    op.drop_table('staff')
    with op.batch_alter_table('sign_in_tries', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_tries_network')
        batch_op.drop_index('ix_sign_in_tries_account_hash')

    op.drop_table('sign_in_tries')
    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.drop_index('ix_notifications_due')

    op.drop_table('notifications')
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_messages_wamid'))
        batch_op.drop_index('ix_messages_contact')

    op.drop_table('messages')
    op.drop_table('leaderships')
    op.drop_table('clients')
    with op.batch_alter_table('beats', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_beats_role'))

    op.drop_table('beats')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entries_subject')

    op.drop_table('audit_entries')
    op.drop_table('api_keys')
