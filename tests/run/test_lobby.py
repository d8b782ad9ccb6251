"""What a person reads in the terminal."""

from app.run.lobby import after, refused
from app.run.processes import Ended
from config import SettingsRefused


def test_every_problem_stands_on_a_line_of_its_own() -> None:
    text = refused(SettingsRefused("META_APP_SECRETS: is missing\nPORT: is no number"))
    assert "\n  META_APP_SECRETS: is missing\n  PORT: is no number\n" in text
    assert "docs/going-live.md" in text


def test_the_part_that_ended_is_named() -> None:
    assert after(Ended("clock", -9)) == "clock ended with code 137; ending the rest."


def test_an_end_that_was_asked_for_blames_nobody() -> None:
    assert after(Ended("", 0)) == "Ending everything."
