"""Folders one adds a file to: each file keeps the contract of its folder, and none lies there unused."""

import inspect
import pkgutil
from importlib import import_module
from types import ModuleType

from app.clock import SCHEDULES
from app.onboarding.plans import FIRST_STEPS, PLANS
from app.onboarding.steps.registry import STEPS
from app.webhooks import fields
from app.webhooks.registry import FIELDS
from app.worker import jobs_of
from bench import measures
from bench.__main__ import SUBJECTS
from tests.house.source import ROOT


def modules_of(package: ModuleType) -> dict[str, ModuleType]:
    return {
        found.name: import_module(f"{package.__name__}.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
    }


def test_each_field_of_a_notification_names_itself_and_handles_changes() -> None:
    for name, module in modules_of(fields).items():
        assert name == module.FIELD, "the file is found by the name of the field"
        assert callable(module.handle)
        assert module.__doc__
    assert set(FIELDS) == set(modules_of(fields))


def test_each_step_of_a_plan_has_a_function_and_each_function_a_plan() -> None:
    named = {step for plan in PLANS.values() for step in plan.steps} | FIRST_STEPS
    assert named == set(STEPS)


def test_each_step_stands_in_a_file_of_its_own() -> None:
    files = {path.stem for path in (ROOT / "app/onboarding/steps").glob("*.py")} - {"__init__", "registry"}
    assert {inspect.getmodule(step).__name__.rpartition(".")[2] for step in STEPS.values()} == files  # type: ignore[union-attr]


def test_what_the_clock_finds_due_a_worker_has_a_job_for() -> None:
    names = set(inspect.getsource(jobs_of).split('"')[1::2])
    assert set(SCHEDULES) <= names


def test_each_measurement_is_run() -> None:
    assert set(SUBJECTS) == set(modules_of(measures))
    for module in modules_of(measures).values():
        assert callable(module.measure)
