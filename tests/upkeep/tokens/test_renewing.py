"""What can come between a question and its record: a death, another token, a judgement, another worker."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from app.credentials.judging import judge
from app.credentials.models import TokenWatch
from app.kit import clock
from app.kit.secret import Secret
from app.meta.errors import TokenDead
from app.upkeep.tokens.after import Done
from app.upkeep.tokens.models import TokenRenewal
from app.upkeep.tokens.noting import note
from app.upkeep.tokens.renewing import Renewer, read_tasks
from app.upkeep.tokens.ways import Task
from app.work import due
from app.work.leadership import lead
from tests.upkeep.tokens.calendar import DAY, Calendar
from tests.waiting import until


def make_due(calendar: Calendar) -> None:
    """A day later somebody asks for it: within one second of its making a token has no later end to get."""
    calendar.traveller.shift(DAY)
    with calendar.rt.db.write() as session:
        session.execute(update(TokenWatch).where(TokenWatch.kind == "business_token").values(asked_by="staff"))
        session.execute(update(TokenWatch).where(TokenWatch.kind == "business_token").values(due_at=clock.now()))


def claimed(calendar: Calendar, holder: str) -> list[Task]:
    """As the renewer has them after its claim."""
    with calendar.rt.db.write() as session:
        keys = due.claim(session, TokenWatch, worker=holder, now=clock.now(), lease=timedelta(seconds=8), most=10)
        tasks = read_tasks(session, keys)
        secrets = calendar.rt.vault.open_many(session, [task.credential_id for task in tasks])
    for task in tasks:
        task.secret = secrets[task.credential_id]
    return tasks


def test_a_token_lost_between_metas_answer_and_our_record_harms_nobody(calendar: Calendar) -> None:
    run = calendar.connect()
    make_due(calendar)
    (task,) = claimed(calendar, "one-that-dies")
    found = calendar.renewer._ask(task, calendar.renewer._ways())
    assert found.verdict == "renewed"
    # It is never noted: the process is gone. The old token still is the current one and works.
    assert calendar.is_valid(run.waba_id)
    assert [row.version for row in calendar.credentials(run.waba_id) if row.current_scope] == [1]
    calendar.traveller.shift(timedelta(seconds=9))
    calendar.look()
    assert [row.version for row in calendar.credentials(run.waba_id) if row.current_scope] == [2]
    assert calendar.is_valid(run.waba_id)
    # And should the dead one come back to life, it changes nothing any more.
    assert note(calendar.rt, [Done(task, found)], "one-that-dies", from_day=45, now=clock.now()) == 0
    assert [row.version for row in calendar.credentials(run.waba_id) if row.current_scope] == [2]


def test_a_process_killed_while_meta_answers_leaves_the_old_token_and_the_next_one_renews(
    calendar: Calendar, tmp_path: Path
) -> None:
    run = calendar.connect()
    make_due(calendar)
    # Meta has made the token, and its answer never comes.
    calendar.world.fault("/oauth/access_token", {"hang_s": 60}, when="after", times=1)
    settings = calendar.rt.settings
    program = (
        "import sys; from datetime import timedelta; from app.build import build; from config import load;"
        "from app.upkeep.tokens.renewing import Renewer; from app.work.keeper import Keeper;"
        "rt = build(load()); sys.stdout.write('ready\\n'); sys.stdout.flush();"
        "Renewer(rt, Keeper(rt.db, timedelta(seconds=2))).take('dies')"
    )
    env = {
        **os.environ,
        "ENV_FILE": "",
        "DATABASE_URL": calendar.rt.db.url.render_as_string(hide_password=False),
        "DATA_DIR": str(tmp_path),
        "PUBLIC_URL": settings.public_url,
        "SECRET_KEYS": settings.secret_keys[0].get_secret_value(),
        "CREDENTIAL_KEYS": settings.credential_keys[0].get_secret_value(),
        "META_APP_SECRETS": settings.meta_app_secrets[0].get_secret_value(),
        "META_VERIFY_TOKEN": settings.meta_verify_token.get_secret_value(),
        "META_GRAPH_URL": settings.meta_graph_url,
        "META_APP_ID": settings.meta_app_id,
        "META_SIGNUP_CONFIG_ID": settings.meta_signup_config_id,
        "META_BUSINESS_ID": settings.meta_business_id,
        "META_SYSTEM_USER_ID": settings.meta_system_user_id,
        "META_SYSTEM_TOKEN": settings.meta_system_token.get_secret_value(),
    }
    with subprocess.Popen([sys.executable, "-c", program], env=env, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            assert until(lambda: calendar.world.counts("extended"))
        finally:
            process.send_signal(signal.SIGKILL)
    assert calendar.is_valid(run.waba_id)
    assert [row.version for row in calendar.credentials(run.waba_id)][-1] == 1
    calendar.world.clear_faults()
    # Its lease is of its own time, which is not that of this test; here it has run out.
    with calendar.rt.db.write() as session:
        session.execute(update(TokenWatch).values(leased_until=clock.now()))
    calendar.look()
    assert [row.version for row in calendar.credentials(run.waba_id) if row.current_scope] == [2]
    assert calendar.is_valid(run.waba_id)


def test_who_connects_again_while_meta_is_asked_keeps_the_newer_token(calendar: Calendar) -> None:
    run = calendar.connect()
    make_due(calendar)
    (task,) = claimed(calendar, "slow")
    found = calendar.renewer._ask(task, calendar.renewer._ways())
    calendar.journey.again(run.id, token_ttl="60d")
    newest = next(row.id for row in calendar.credentials(run.waba_id) if row.current_scope)
    assert note(calendar.rt, [Done(task, found)], "slow", from_day=45, now=clock.now()) == 0
    assert next(row.id for row in calendar.credentials(run.waba_id) if row.current_scope) == newest
    assert calendar.tries(run.waba_id) == [("exchange", "overtaken")]
    # Whatever was wished of the old token is no wish about the new one, which has its own time.
    calendar.traveller.shift(timedelta(seconds=2))
    calendar.look()
    assert calendar.watch(run.waba_id).credential_id == newest


def test_a_judgement_that_comes_while_meta_is_asked_is_not_lost(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.refuse(exchange=True, fetch=True)
    make_due(calendar)
    (task,) = claimed(calendar, "slow")
    found = calendar.renewer._ask(task, calendar.renewer._ways())
    with calendar.rt.db.write() as session:
        assert judge(session, task.credential_id, TokenDead(code=190), now=clock.now())
    note(calendar.rt, [Done(task, found)], "slow", from_day=45, now=clock.now())
    assert calendar.watch(run.waba_id).suspected == "190/"
    calendar.world.change("tokens", account_id=run.waba_id, revoked_subcode=467)
    calendar.look()
    assert calendar.watch(run.waba_id).state == "dead"
    assert calendar.held(run) == "token_dead"


def test_a_suspicion_that_debug_token_does_not_share_is_dropped(calendar: Calendar) -> None:
    run = calendar.connect()
    with calendar.rt.db.write() as session:
        watch = session.scalars(select(TokenWatch).where(TokenWatch.subject == run.waba_id)).one()
        assert judge(session, watch.credential_id, TokenDead(code=190, subcode=467), now=clock.now())
    assert calendar.held(run) == "token_dead"
    calendar.look()
    assert calendar.held(run) is None
    assert calendar.watch(run.waba_id).state == "waiting"
    assert calendar.tries(run.waba_id) == []
    assert calendar.incidents() == []


def test_a_step_refused_with_a_dead_token_judges_the_token_it_used(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.refuse(exchange=True, fetch=True)
    calendar.world.change("tokens", account_id=run.waba_id, revoked_subcode=458)
    calendar.journey.hear(str(run.phone_number_id), calendar.journey.progress(run.id).test_word)
    calendar.journey.walk()
    assert calendar.held(run) == "token_dead"
    calendar.look()
    assert [(kind, is_open) for kind, _, _, is_open in calendar.incidents()] == [("token_dead", True)]


def test_while_another_process_renews_this_one_leaves_it_alone(calendar: Calendar) -> None:
    calendar.connect()
    make_due(calendar)
    with calendar.rt.db.write() as session:
        assert lead(session, "tokens", "another", now=clock.now())
    assert calendar.renewer.take("worker-2") == 0
    calendar.traveller.shift(timedelta(seconds=16))
    assert calendar.renewer.take("worker-2") == 1


def test_a_token_that_somebody_is_at_is_not_renewed_twice(calendar: Calendar) -> None:
    run = calendar.connect()
    make_due(calendar)
    claimed(calendar, "busy")
    assert calendar.renewer.renew(calendar.watch(run.waba_id).id, asked_by="staff") is None


def test_a_busy_meta_is_asked_again_later_and_refuses_nothing(calendar: Calendar) -> None:
    run = calendar.connect()
    busy = {"status": 400, "body": {"error": {"code": 4, "message": "(#4) Application request limit reached"}}}
    calendar.world.fault("/oauth/access_token", busy, times=2)
    calendar.pass_days(47)
    assert calendar.tries(run.waba_id) == [("exchange", "busy"), ("exchange", "busy"), ("exchange", "renewed")]
    assert (calendar.incidents(), calendar.warnings()) == ([], [])


def test_a_silent_meta_is_told_of_only_when_the_end_is_near(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.world.fault("*", {"status": 503, "body": {"error": {"code": 2, "message": "(#2) down"}}})
    calendar.pass_days(52.5)
    assert (calendar.incidents(), calendar.warnings()) == ([], [])
    calendar.pass_days(1)
    assert calendar.warnings() == [("7", 53)]
    calendar.world.clear_faults()
    calendar.pass_days(1)
    assert calendar.is_valid(run.waba_id)
    assert [one for one in calendar.incidents() if one[3]] == []


def test_our_dead_token_is_our_trouble_and_not_the_clients(calendar: Calendar) -> None:
    run = calendar.connect()
    calendar.app(extends_tokens=False)
    calendar.world.change("tokens", user_id=calendar.world.partner.admin_user_id, revoked_subcode=467)
    calendar.pass_days(46)
    assert calendar.tries(run.waba_id)[:2] == [("exchange", "refused"), ("fetch", "ours_dead")]
    assert calendar.watch(run.waba_id).state == "waiting"
    assert calendar.incidents() == [("partner_token_dead", "critical", "", True)]


def test_no_table_of_tries_holds_a_token(calendar: Calendar) -> None:
    run = calendar.connect()
    make_due(calendar)
    calendar.look()
    with calendar.rt.db.read() as session:
        rows = session.execute(select(TokenRenewal.__table__)).all()
        watches = session.execute(select(TokenWatch.__table__)).all()
        tokens = [calendar.rt.vault.open_one(session, row.id) for row in calendar.credentials(run.waba_id)]
    assert all(isinstance(token, Secret) for token in tokens)
    assert not [token for token in tokens if token.reveal() in repr((rows, watches))]


def test_a_worker_with_nothing_due_asks_nothing(calendar: Calendar) -> None:
    calendar.connect()
    before = len(calendar.world.calls())
    assert Renewer(calendar.rt, calendar.keeper).take("idle") == 0
    calendar.traveller.shift(DAY)
    calendar.look()
    assert len(calendar.world.calls()) == before
