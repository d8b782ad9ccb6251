import pytest
from argon2 import PasswordHasher

from app.access import passwords
from app.access.passwords import hash_password, is_outdated, matches
from app.kit.errors import Unavailable
from app.kit.secret import Secret
from tests.access.conftest import RIGHT


def test_the_right_password_matches_and_the_wrong_one_does_not(right_hash: str) -> None:
    assert right_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert matches(right_hash, Secret(RIGHT))
    assert not matches(right_hash, Secret(RIGHT + " "))


def test_nobodys_password_never_matches() -> None:
    assert not matches(None, Secret(RIGHT))


def test_an_unknown_person_costs_the_same_work_as_a_known_one(right_hash: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(PasswordHasher):
        seen: list[str] = []

        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            self.seen.append(str(hash).rsplit("$", 2)[0])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    passwords._nobodys_hash.cache_clear()
    matches(right_hash, Secret("wrong"))
    matches(None, Secret("wrong"))
    assert Counting.seen == ["$argon2id$v=19$m=65536,t=3,p=4", "$argon2id$v=19$m=65536,t=3,p=4"]


def test_a_broken_hash_matches_nothing() -> None:
    assert not matches("plain text", Secret("plain text"))


def test_one_accent_has_one_spelling() -> None:
    stored = hash_password(Secret("cafe\u0301-by-the-sea"))
    assert matches(stored, Secret("caf\u00e9-by-the-sea"))


def test_a_hash_with_older_parameters_is_outdated(right_hash: str) -> None:
    assert is_outdated(PasswordHasher(memory_cost=8192).hash("whatever"))
    assert not is_outdated(right_hash)


def test_a_flood_waits_for_its_turn_and_is_then_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    for _ in range(passwords.AT_ONCE):
        passwords._turns.acquire()
    try:
        with pytest.raises(Unavailable):
            hash_password(Secret(RIGHT))
    finally:
        for _ in range(passwords.AT_ONCE):
            passwords._turns.release()
    assert hash_password(Secret(RIGHT))
