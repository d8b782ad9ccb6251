"""The local Meta, the running parts against it, and a journey that drives both. Rows are on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.db import Database
from app.onboarding.walker import Walker
from app.runtime import Runtime
from config import Settings
from tests.conftest import Rings, settings_with
from tests.onboarding.journey import Journey
from tests.onboarding.mortal import the_dead_are_silent
from tests.onboarding.world import MetaWorld
from tests.parts import running

MakeWalker = Callable[[Runtime], Walker]


@pytest.fixture
def meta_world() -> Iterator[MetaWorld]:
    world = MetaWorld.open()
    yield world
    world.close()


@pytest.fixture
def world_settings(meta_world: MetaWorld, tmp_path: Path) -> Settings:
    """Settings of the local Meta's partner, with its admin system user."""
    partner = meta_world.partner
    return settings_with(
        tmp_path,
        worker_threads=2,
        meta_graph_url=meta_world.url,
        meta_app_id=partner.app_id,
        meta_app_secrets=partner.app_secret,
        meta_verify_token=partner.verify_token,
        meta_signup_config_id=partner.config_id,
        meta_business_id=partner.business_id,
        meta_system_user_id=partner.admin_user_id,
        meta_system_token=partner.admin_token,
        meta_credit_line_id=partner.credit_line_id,
    )


@pytest.fixture
def rt(db: Database, world_settings: Settings, rings: Rings) -> Iterator[Runtime]:
    """The running parts, with the local Meta at Meta's address."""
    with the_dead_are_silent(), running(world_settings, db, rings) as parts:
        yield parts


@pytest.fixture
def new_walker() -> Iterator[MakeWalker]:
    """Makes walkers and ends their threads with the test."""
    made: list[Walker] = []

    def make(rt: Runtime) -> Walker:
        made.append(Walker(rt))
        return made[-1]

    yield make
    for walker in made:
        walker.close()


@pytest.fixture
def walker(rt: Runtime, new_walker: MakeWalker) -> Walker:
    return new_walker(rt)


@pytest.fixture
def journey(rt: Runtime, meta_world: MetaWorld, walker: Walker) -> Journey:
    return Journey(rt, meta_world, walker)


@pytest.fixture
def as_employee(journey: Journey, new_walker: MakeWalker) -> Journey:
    """The same world, but our system user is an employee with the financial editor's right to pay."""
    partner = journey.world.partner
    return with_settings(
        journey, new_walker, meta_system_user_id=partner.employee_user_id, meta_system_token=partner.employee_token
    )


def with_settings(journey: Journey, new_walker: MakeWalker, **changed: object) -> Journey:
    """The same journey under other settings."""
    kept = {name: getattr(journey.rt.settings, name) for name in Settings.model_fields if name != "data_dir"}
    rt = replace(journey.rt, settings=settings_with(journey.rt.settings.data_dir, **(kept | changed)))
    return Journey(rt, journey.world, new_walker(rt))
