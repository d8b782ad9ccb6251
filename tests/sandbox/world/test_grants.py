"""Who is a customer, how many may come in a week, and the token a customer's consent stands for."""

from tests.sandbox.desk import ADMIN, EMPLOYEE, PARTNER, Desk, error_of

DAY = 24 * 3600


def limit(desk: Desk, customers: int | None) -> None:
    desk.change(f"/apps/{PARTNER.app_id}", weekly_limit=customers)


def comes(desk: Desk, **wish: object) -> bool:
    """Whether a signup goes through; where it does not, it says so in words."""
    reply = desk.ask("POST", "/signups", wish)
    if reply.status_code != 201:
        assert "cannot take on more businesses this week" in reply.get_json()["detail"]
    return reply.status_code == 201


def test_a_week_has_room_for_so_many_new_customers(desk: Desk) -> None:
    limit(desk, 2)
    assert comes(desk)
    desk.advance(DAY)
    assert comes(desk)
    assert not comes(desk)
    desk.advance(6 * DAY - 60)
    assert not comes(desk)
    desk.advance(120)
    assert comes(desk), "the first has been a customer for seven days"
    assert not comes(desk)


def test_a_known_customer_coming_back_takes_no_room(desk: Desk) -> None:
    limit(desk, 1)
    client = desk.onboard()
    assert comes(desk, business={"id": client.business}, account_id=client.waba)
    assert comes(desk, number=desk.runtime.world.records.numbers[client.phone].digits, business={"id": client.business})
    assert not comes(desk)
    desk.change(f"/accounts/{client.waba}/events", event="partner_removed")
    assert comes(desk, business={"id": client.business}), "also after having left"


def test_without_a_limit_nobody_is_counted(desk: Desk) -> None:
    assert all(comes(desk) for _ in range(12))
    limit(desk, 10)
    assert not comes(desk)
    limit(desk, 200)
    assert comes(desk)


def test_fetching_a_token_again_gives_the_same_one_while_it_lives(desk: Desk) -> None:
    made = desk.ask("POST", "/share", {}).get_json()
    path = f"/{made['business_id']}/system_user_access_tokens"

    def fetch(by: str = ADMIN) -> str:
        return str(desk.post(path, by, fetch_only="true").get_json()["access_token"])

    first = fetch()
    assert fetch() == fetch(EMPLOYEE) == first
    assert desk.effects(path) == ["token_fetched"]
    desk.change("/tokens", token=first, expires_in=0)
    assert fetch() != first
    assert desk.effects(path) == ["token_fetched", "token_fetched"]


def test_a_popups_token_is_the_one_that_is_fetched(desk: Desk) -> None:
    client = desk.onboard()
    path = f"/{client.business}/system_user_access_tokens"
    assert desk.post(path, ADMIN, fetch_only="true").get_json()["access_token"] == client.token
    more = desk.signup(business={"id": client.business})
    wider = desk.post(path, ADMIN, fetch_only="true").get_json()["access_token"]
    assert wider != client.token
    for account_id in (client.waba, more["waba_id"]):
        assert desk.get(f"/{account_id}", wider).status_code == 200


def test_who_shares_nothing_any_more_gives_no_token(desk: Desk) -> None:
    client = desk.onboard()
    desk.change(f"/accounts/{client.waba}/events", event="partner_removed")
    refused = desk.post(f"/{client.business}/system_user_access_tokens", ADMIN, fetch_only="true")
    assert error_of(refused) == (400, 100, 33)


def test_an_app_may_be_given_a_fresh_token_each_time_or_none(desk: Desk) -> None:
    client = desk.onboard()
    path = f"/{client.business}/system_user_access_tokens"
    desk.change(f"/apps/{PARTNER.app_id}", fetch_gives="fresh")
    tokens = {str(desk.post(path, ADMIN, fetch_only="true").get_json()["access_token"]) for _ in range(3)}
    assert len(tokens | {client.token}) == 4
    desk.change(f"/apps/{PARTNER.app_id}", fetch_gives="nothing")
    assert error_of(desk.post(path, ADMIN, fetch_only="true")) == (400, 100, 33)
    (count,) = desk.runtime.counts.list(what="token_fetched")
    assert (count.object, count.done, count.refused) == (client.business, 3, 1)
