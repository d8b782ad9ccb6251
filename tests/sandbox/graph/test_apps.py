"""The app's own node: what its dashboard shows, to its own tokens alone."""

from tests.sandbox.desk import ADMIN, APP_TOKEN, PARTNER, Desk, error_of


def test_the_app_shows_its_basic_settings_to_its_own_tokens(desk: Desk) -> None:
    app = desk.runtime.world.records.apps[PARTNER.app_id]
    app.app_domains = ("connect.partner.example",)
    wanted = "name,app_domains,privacy_policy_url,terms_of_service_url,category"
    for token in (APP_TOKEN, ADMIN):
        assert desk.get(f"/{PARTNER.app_id}", token, fields=wanted).get_json() == {
            "name": "Example Connect",
            "app_domains": ["connect.partner.example"],
            "privacy_policy_url": "https://partner.example/privacy",
            "terms_of_service_url": "https://partner.example/terms",
            "category": "Business and pages",
            "id": "1234567890",
        }


def test_what_was_never_filled_in_is_left_out(desk: Desk) -> None:
    app = desk.runtime.world.records.apps[PARTNER.app_id]
    app.app_domains, app.privacy_policy_url = (), None
    shown = desk.get(f"/{PARTNER.app_id}", APP_TOKEN, fields="app_domains,privacy_policy_url,category").get_json()
    assert shown == {"category": "Business and pages", "id": "1234567890"}


def test_no_field_tells_whether_the_app_is_live(desk: Desk) -> None:
    for field in ("live", "app_mode", "status"):
        assert error_of(desk.get(f"/{PARTNER.app_id}", APP_TOKEN, fields=field)) == (400, 100, None)


def test_another_app_is_not_there(desk: Desk) -> None:
    assert error_of(desk.get("/999999999999999", APP_TOKEN)) == (400, 100, 33)
