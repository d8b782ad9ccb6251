"""Which language a page speaks."""

import pytest
from flask import Flask

from app.web.languages import asked_by_browser, page_language, supported, tag_of, use_language
from tests.web.conftest import MakeApp


@pytest.mark.parametrize(
    ("wish", "ours"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("es", "es"),
        ("es_MX", "es"),
        ("pt", "pt_BR"),
        ("pt-BR", "pt_BR"),
        ("PT-br", "pt_BR"),
        ("pt-PT", "pt_BR"),
        ("de", None),
        ("", None),
        (None, None),
        ("../../etc", None),
    ],
)
def test_a_wish_is_met_by_the_nearest_language_we_speak(wish: str | None, ours: str | None) -> None:
    assert supported(wish) == ours


@pytest.mark.parametrize(
    ("header", "ours"), [("de, pt;q=0.8, es;q=0.5", "pt_BR"), ("es-AR", "es"), ("ja", None), ("", None)]
)
def test_browsers_are_listened_to_in_their_own_order(make_app: MakeApp, header: str, ours: str | None) -> None:
    with make_app().test_request_context("/", headers={"Accept-Language": header}):
        assert asked_by_browser() == ours


@pytest.mark.parametrize(
    ("wishes", "ours"), [((None, "es", "pt"), "es"), (("xx", "pt-BR"), "pt_BR"), ((None,), "en"), ((), "en")]
)
def test_the_first_wish_we_can_meet_counts(make_app: MakeApp, wishes: tuple[str | None, ...], ours: str) -> None:
    with make_app().test_request_context("/"):
        use_language(*wishes)
        assert page_language() == ours


def test_a_face_that_asks_for_nothing_speaks_english(make_app: MakeApp) -> None:
    app: Flask = make_app()
    with app.test_request_context("/", headers={"Accept-Language": "es"}):
        assert page_language() == "en"


def test_browsers_are_given_their_own_spelling() -> None:
    assert tag_of("pt_BR") == "pt-BR"
