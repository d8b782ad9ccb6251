from app.upkeep.doctor.fields import FIELDS, read_fields
from app.webhooks.registry import FIELDS as HANDLED


def test_every_field_that_has_a_handler_is_one_we_need() -> None:
    assert set(HANDLED) - {field.name for field in FIELDS} == set()


def test_without_account_update_and_messages_nobody_comes_aboard() -> None:
    assert {field.name for field in FIELDS if field.need == "must"} == {"account_update", "messages"}


def test_each_says_what_it_is_for() -> None:
    assert [field.name for field in read_fields() if len(field.why.split()) < 3] == []
    assert {field.need for field in FIELDS} == {"must", "should"}
