"""Our own challenge. The vectors are `openssl dgst -sha256 -hmac <key>` over the parts, each behind its length."""

from pathlib import Path

import pytest

from app.upkeep.doctor import challenge
from config import Settings
from tests.conftest import settings_with

NONCE = "N" * 43
NEWER, OLDER = "a-signing-key-for-tests-and-nothing-else-0001", "a-signing-key-for-tests-and-nothing-else-0000"
# printf '14:gangway doctor12:installation43:http://localhost:5000/api/webhooks/whatsapp43:NNN…'
INSTALLATION = "1d6cb85021b15954787d15ab597556dab52c015c2fedf9c5fd90e80020fa4f9f"
# printf '14:gangway doctor12:verify token17:test_verify_token43:NNN…'
TOKEN = "d2b442a00332a4c60e4bdec68e1352df21bfcc9e466cd69c6fdb13dc931e79ee"


def with_keys(folder: Path, *keys: str, **more: str) -> Settings:
    return settings_with(folder, secret_keys=",".join(keys), **more)


def test_an_answer_is_two_digests_over_the_nonce(tmp_path: Path) -> None:
    assert challenge.answer(with_keys(tmp_path, NEWER), NONCE) == f"{INSTALLATION}.{TOKEN}"


@pytest.mark.parametrize(
    ("told", "who"),
    [
        (f"{INSTALLATION}.{TOKEN}", "ours"),
        (f"{INSTALLATION}.{'0' * 64}", "other_token"),
        (INSTALLATION, "other_token"),
        (f"{'0' * 64}.{TOKEN}", "another"),
        (f"{TOKEN}.{INSTALLATION}", "another"),
        (NONCE, "another"),
        ("", "another"),
        ("é" * 20, "another"),
    ],
)
def test_who_answered_is_told_by_the_digests(tmp_path: Path, told: str, who: str) -> None:
    assert challenge.read_answer(with_keys(tmp_path, NEWER), NONCE, told) == who


def test_an_answer_to_one_nonce_is_none_to_another(tmp_path: Path) -> None:
    settings = with_keys(tmp_path, NEWER)
    assert challenge.read_answer(settings, "M" * 43, challenge.answer(settings, NONCE)) == "another"


def test_while_keys_are_changed_both_sides_know_each_other(tmp_path: Path) -> None:
    before, after = with_keys(tmp_path, OLDER), with_keys(tmp_path, NEWER, OLDER)
    assert challenge.read_answer(after, NONCE, challenge.answer(before, NONCE)) == "ours"
    stranger = with_keys(tmp_path, NEWER)
    assert challenge.read_answer(stranger, NONCE, challenge.answer(before, NONCE)) == "another"


def test_the_same_keys_at_another_address_are_another_installation(tmp_path: Path) -> None:
    here = with_keys(tmp_path, NEWER)
    there = with_keys(tmp_path, NEWER, public_url="http://localhost:5002")
    assert challenge.read_answer(here, NONCE, challenge.answer(there, NONCE)) == "another"


@pytest.mark.parametrize(
    ("text", "fits"),
    [(NONCE, True), ("aZ09_-" + "x" * 37, True), (NONCE[:-1], False), (NONCE + "N", False), (NONCE + "\n", False)]
    + [("N" * 42 + odd, False) for odd in (".", " ", "é", "/")],
)
def test_only_what_looks_like_a_nonce_is_answered(text: str, fits: bool) -> None:
    assert challenge.is_nonce(text) is fits
