import re
import uuid

from app.kit import ids


def test_row_keys_are_version_seven_and_sort_by_the_order_they_were_made_in() -> None:
    made = [ids.new_id() for _ in range(200)]
    assert made == sorted(made)
    assert len(set(made)) == 200
    assert {uuid.UUID(key).version for key in made} == {7}
    assert {len(key) for key in made} == {36}


def test_references_can_be_read_aloud() -> None:
    references = {ids.new_reference("onb") for _ in range(200)}
    assert len(references) == 200
    assert all(re.fullmatch(r"onb_[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", one) for one in references)


def test_the_readable_alphabet_has_no_look_alikes() -> None:
    assert len(ids.READABLE) == len(set(ids.READABLE)) == 30
    assert not set(ids.READABLE) & set("01ILOU")
    assert {len(ids.readable(length)) for length in (1, 4, 9)} == {1, 4, 9}


def test_unguessable_strings_hold_256_bits_and_are_safe_in_an_address() -> None:
    made = {ids.unguessable() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", one) for one in made)
