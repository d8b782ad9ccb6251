"""The table of the doctor: each setting broken in turn, and what the finding must say. Written by hand.

A row: what is broken · the finding · its state · the setting as it must be named · a phrase of the fix.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.upkeep.doctor.clinic import NOON, UNKNOWN, Clinic, answers, refused, without


@dataclass(frozen=True)
class Fault:
    what: str
    breaks: Callable[[Clinic], object]
    finding: str
    state: str
    setting: str
    fix: str
    only: str = ""
    """The kind of database the row is about; empty: both."""


FAULTS = (
    # The way to Meta, and the app
    Fault(
        "Meta answers nothing",
        lambda c: c.meta.fault("*", {"drop": "before"}),
        "meta_answers.silent", "broken", "META_GRAPH_URL", "Meta’s status page",
    ),
    Fault(
        "Meta leaves one question open",
        lambda c: c.meta.fault("/*/system_users", {"drop": "before"}),
        "meta_answers.slow", "warn", "META_GRAPH_URL", "Check again.",
    ),
    Fault(
        "the app id is another",
        lambda c: c.settle(meta_app_id=UNKNOWN),
        "app_secret.unknown_app", "broken", "META_APP_ID", "App settings → Basic → App ID into META_APP_ID",
    ),
    Fault(
        "the app secret is another",
        lambda c: c.settle(meta_app_secrets="another_secret"),
        "app_secret.wrong_secret", "broken", "META_APP_SECRETS", "App secret to the front of META_APP_SECRETS",
    ),
    Fault(
        "an older secret is still listed",
        lambda c: c.settle(meta_app_secrets=f"{c.app.secret},an_older_secret"),
        "older_secrets.dead", "warn", "META_APP_SECRETS", "Remove secret 2 from META_APP_SECRETS",
    ),
    Fault(
        "the privacy policy is missing",
        lambda c: setattr(c.app, "privacy_policy_url", None),
        "app_mode.cannot_be_live", "warn", "App settings → Basic", "App settings → Basic: Privacy policy URL",
    ),
    Fault(
        "the app asks for no proof",
        lambda c: setattr(c.app, "require_proof", False),
        "app_proof.not_required", "warn", "Require app secret", "App settings → Advanced → Security",
    ),
    Fault(
        "the version has ended",
        lambda c: c.settle(meta_graph_version="v20.0"),
        "graph_version.ended", "broken", "META_GRAPH_VERSION", "Set META_GRAPH_VERSION to a version that works",
    ),
    Fault(
        "the version ends in 57 days",
        lambda c: c.settle(meta_graph_version="v21.0"),
        "graph_version.ending", "warn", "META_GRAPH_VERSION", "set META_GRAPH_VERSION to a newer version",
    ),
    # The partner
    Fault(
        "the token has expired",
        lambda c: setattr(c.token, "expires_at", NOON.timestamp() - 1),
        "system_token.dead", "broken", "META_SYSTEM_TOKEN", "generate a new token for this app",
    ),
    Fault(
        "the token was taken back",
        lambda c: setattr(c.token, "revoked_subcode", 467),
        "system_token.dead", "broken", "META_SYSTEM_TOKEN", "generate a new token for this app",
    ),
    Fault(
        "the token is another app's",
        lambda c: c.give_token_to_another_app(),
        "system_token.other_app", "broken", "META_SYSTEM_TOKEN", "pick this app when Meta asks for which",
    ),
    Fault(
        "the token lacks a permission",
        lambda c: setattr(c.token, "scopes", without(c.token.scopes, "whatsapp_business_messaging")),
        "token_scopes.missing", "broken", "META_SYSTEM_TOKEN", "with whatsapp_business_messaging ticked as well",
    ),
    Fault(
        "the token ends in ten days",
        lambda c: setattr(c.token, "expires_at", (NOON + timedelta(days=10, hours=1)).timestamp()),
        "token_life.ends_soon", "warn", "META_SYSTEM_TOKEN", "generate a new token",
    ),
    Fault(
        "the portfolio's id is another",
        lambda c: c.settle(meta_business_id=UNKNOWN),
        "business.unknown", "broken", "META_BUSINESS_ID", "Business portfolio ID",
    ),
    Fault(
        "the portfolio is not verified",
        lambda c: setattr(c.records.businesses[c.meta.partner.business_id], "verified", False),
        "business.not_verified", "warn", "Business verification", "Security Center",
    ),
    Fault(
        "the system user's id is another",
        lambda c: c.settle(meta_system_user_id=UNKNOWN),
        "system_user.unknown", "broken", "META_SYSTEM_USER_ID", "copy its ID into META_SYSTEM_USER_ID",
    ),
    Fault(
        "the system user may not share credit",
        lambda c: c.act_as_an_employee_without_finance(),
        "finance_role.missing", "broken", "META_SYSTEM_USER_ID", "give this user the role Admin, or Finance editor",
    ),
    Fault(
        "the credit line's id is another",
        lambda c: c.settle(meta_credit_line_id=UNKNOWN),
        "credit_line.unknown", "broken", "META_CREDIT_LINE_ID", "into META_CREDIT_LINE_ID, then restart",
    ),
    Fault(
        "there is no credit line",
        lambda c: c.records.credit_lines.clear(),
        "credit_line.none", "broken", "META_CREDIT_LINE_ID", "leave META_CREDIT_LINE_ID empty",
    ),
    Fault(
        "the credit line is not shown to us",
        lambda c: c.meta.fault("/*/extendedcredits", refused(10)),
        "credit_line.not_shown", "broken", "META_CREDIT_LINE_ID", "Accept the credit allocation terms",
    ),
    Fault(
        "the credit line was forgotten",
        lambda c: c.settle(meta_credit_line_id=""),
        "credit_line.unused", "warn", "META_CREDIT_LINE_ID", "If you pay for your clients, put",
    ),
    # The signup window
    Fault(
        "the configuration's number is another",
        lambda c: c.settle(meta_signup_config_id=UNKNOWN),
        "signup_config.refused", "broken", "META_SIGNUP_CONFIG_ID", "Facebook Login for Business → Configurations",
    ),
    Fault(
        "clients' tokens end",
        lambda c: c.give_token(NOON + timedelta(days=60)),
        "client_tokens.they_end", "warn", "META_SIGNUP_CONFIG_ID", "flask doctor --prove-renewal",
    ),
    Fault(
        "Meta renews clients' tokens by no way",
        lambda c: c.try_renewal(("exchange", "refused", 100), ("fetch", "not_later", None)),
        "client_tokens.refused", "warn", "META_SIGNUP_CONFIG_ID", "a configuration whose token expiration is “Never”",
    ),
    Fault(
        "Meta was silent when a renewal was tried",
        lambda c: c.try_renewal(("exchange", "lost", None)),
        "client_tokens.unclear", "warn", "META_SIGNUP_CONFIG_ID", "Try once more",
    ),
    Fault(
        "the host is not among the app's domains",
        lambda c: setattr(c.app, "app_domains", ("other.example",)),
        "app_domains.missing", "warn", "App domains", "Add localhost under App settings → Basic → App domains",
    ),
    Fault(
        "the host is not among the SDK's domains",
        lambda c: setattr(c.app, "domains", ("https://other.example",)),
        "sdk_domain.refused", "broken", "Allowed domains for the JavaScript SDK", "Add localhost under Facebook Login",
    ),
    Fault(
        "the page's own address is no redirect address",
        lambda c: setattr(c.app, "redirect_uris", c.app.redirect_uris[1:]),
        "redirect_addresses.refused", "broken", "Valid OAuth Redirect URIs", "written exactly so",
    ),
    Fault(
        "the address back from Meta's full page is missing",
        lambda c: setattr(c.app, "redirect_uris", c.app.redirect_uris[:1]),
        "redirect_addresses.refused", "broken", "Valid OAuth Redirect URIs", "/connect/back under Facebook Login",
    ),
    # Notifications
    Fault(
        "the web process is down",
        lambda c: c.stop(),
        "public_address.silent", "broken", "PUBLIC_URL", "See that the web process runs",
    ),
    Fault(
        "a proxy keeps the call from us",
        lambda c: c.serve(answers("404 Not Found")),
        "public_address.status", "broken", "PUBLIC_URL", "Let the proxy hand everything below",
    ),
    Fault(
        "the address leads elsewhere",
        lambda c: c.serve(answers("301 Moved Permanently", ("Location", "https://www.partner.example/x?key=hush"))),
        "public_address.redirect", "broken", "PUBLIC_URL", "Set PUBLIC_URL to the address that answers by itself",
    ),
    Fault(
        "another installation answers there",
        lambda c: c.serve_with(secret_keys="another-signing-key-of-another-installation-1"),
        "public_address.another", "broken", "PUBLIC_URL", "Correct PUBLIC_URL, or point its name",
    ),
    Fault(
        "the web process has another verify token",
        lambda c: c.serve_with(meta_verify_token="another_word"),
        "verify_token.differs", "broken", "META_VERIFY_TOKEN", "Give all processes the same META_VERIFY_TOKEN",
    ),
    Fault(
        "the app has no callback",
        lambda c: setattr(c.app, "callback_url", None),
        "callback.missing", "broken", "WhatsApp → Configuration → Callback URL", "doctor --fix webhooks",
    ),
    Fault(
        "the callback is another's",
        lambda c: setattr(c.app, "callback_url", "https://other.example/hook?key=hush"),
        "callback.differs", "broken", "WhatsApp → Configuration → Callback URL", "doctor --fix webhooks",
    ),
    Fault(
        "the app does not hear account_update",
        lambda c: setattr(c.app, "fields", without(c.app.fields, "account_update")),
        "account_update.missing", "broken", "WhatsApp → Configuration → Webhook fields", "subscribe to account_update",
    ),
    Fault(
        "the app does not hear messages",
        lambda c: setattr(c.app, "fields", without(c.app.fields, "messages")),
        "webhook_fields.must_be_heard", "broken", "WhatsApp → Configuration → Webhook fields", "subscribe to messages",
    ),
    Fault(
        "the app does not hear history",
        lambda c: setattr(c.app, "fields", without(c.app.fields, "history")),
        "webhook_fields.missing", "warn", "WhatsApp → Configuration → Webhook fields", "subscribe to history",
    ),
    # This installation
    Fault(
        "the database is down", lambda c: c.unplug(),
        "database.silent", "broken", "DATABASE_URL", "See that the database runs",
    ),
    Fault(
        "no migration has run",
        lambda c: c.sql("DROP TABLE alembic_version"),
        "migrations.never", "broken", "DATABASE_URL", "`alembic upgrade head`",
    ),
    Fault(
        "the tables are of another time",
        lambda c: c.sql("UPDATE alembic_version SET version_num = '0000'"),
        "migrations.differs", "broken", "DATABASE_URL", "`alembic upgrade head`",
    ),
    Fault(
        "SQLite does not wait for the disk",
        lambda c: c.hurry_sqlite(),
        "durable.sqlite", "broken", "DATABASE_URL", "sets it to FULL for each connection",
        only="sqlite",
    ),
    Fault(
        "PostgreSQL does not wait for the disk",
        lambda c: c.hurry_postgres(),
        "durable.postgres", "broken", "DATABASE_URL", "Set synchronous_commit to on",
        only="postgres",
    ),
    Fault(
        "no worker runs", lambda c: c.silence("worker"),
        "worker.silent", "broken", "Procfile → worker", "`python -m app.worker`",
    ),
    Fault(
        "no clock runs", lambda c: c.silence("clock"),
        "clock_process.silent", "broken", "Procfile → clock", "`python -m app.clock`",
    ),
    Fault(
        "no clock leads", lambda c: c.depose(),
        "clock_process.nobody_leads", "broken", "Procfile → clock", "Restart the clock",
    ),
    Fault(
        "this machine is an hour behind", lambda c: c.meta.pass_time(3600),
        "clock_time.wrong", "broken", "Time of this machine", "`timedatectl set-ntp true`",
    ),
    Fault(
        "this machine is half a minute ahead", lambda c: c.meta.pass_time(-30),
        "clock_time.drifts", "warn", "Time of this machine", "`timedatectl set-ntp true`",
    ),
    Fault(
        "AWS KMS does not give a key out", lambda c: c.lose_key_service(),
        "credential_keys.refused", "broken", "CREDENTIAL_KEYS", "See that this machine reaches AWS KMS",
    ),
    Fault(
        "no mail server is set", lambda c: c.settle(mail_url=""),
        "mail.none", "warn", "MAIL_URL", "Set MAIL_URL",
    ),
    Fault(
        "the mail server wants another password",
        lambda c: c.settle(mail_url=f"smtp://robin:wrong@127.0.0.1:{c.mail.port}", mail_from="hello@partner.example"),
        "mail.refused", "broken", "MAIL_URL", "Correct host, port, user or password in MAIL_URL",
    ),
    Fault(
        "nobody is told of incidents", lambda c: c.settle(alert_urls=()),
        "alert_channels.none", "warn", "ALERT_URLS", "Name an address in ALERT_URLS",
    ),
    Fault(
        "an address for incidents is mistyped",
        lambda c: c.settle(alert_urls="warning=mail:nobody"),
        "alert_channels.unusable", "broken", "ALERT_URLS", "Correct that entry of ALERT_URLS",
    ),
)  # fmt: skip
