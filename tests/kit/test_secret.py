import copy
import json
import pickle
from dataclasses import asdict, dataclass

import pytest

from app.kit.secret import Secret

TOKEN = "EAAexampleexampletoken9Z3k"


def test_a_secret_is_opened_only_by_reveal() -> None:
    assert Secret(TOKEN).reveal() == TOKEN


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{:>40}".format, "{!r}".format, lambda s: f"{s!s}"])
def test_no_way_of_printing_shows_any_of_it(show) -> None:
    shown = show(Secret(TOKEN))
    assert shown.strip() in {"•••", "Secret(•••)"}
    assert not any(TOKEN[i : i + 4] in shown for i in range(len(TOKEN) - 3))


def test_a_list_of_secrets_prints_none_of_them() -> None:
    assert TOKEN not in str([Secret(TOKEN)])


def test_it_cannot_be_pickled_by_any_protocol() -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match=r"^a secret cannot be pickled: seal it and store the sealed form$"):
            pickle.dumps(Secret(TOKEN), protocol=protocol)


def test_it_cannot_become_json() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps({"token": Secret(TOKEN)})


def test_json_with_a_fallback_to_text_shows_the_mark() -> None:
    assert json.loads(json.dumps(Secret(TOKEN), default=str)) == "•••"


def test_it_has_no_dict_to_look_into() -> None:
    with pytest.raises(TypeError):
        vars(Secret(TOKEN))


def test_equal_texts_are_equal_secrets_with_equal_hashes() -> None:
    assert Secret(TOKEN) == Secret(TOKEN)
    assert {Secret(TOKEN), Secret(TOKEN)} == {Secret(TOKEN)}


def test_different_texts_and_plain_texts_are_not_equal() -> None:
    assert Secret(TOKEN) != Secret(TOKEN + "x")
    assert Secret(TOKEN) != TOKEN
    assert Secret("ключ") != Secret("слово")


def test_different_secrets_have_different_hashes_so_that_a_set_of_them_is_no_list() -> None:
    assert len({hash(Secret(f"{TOKEN}{number}")) for number in range(100)}) == 100


def test_the_last_four_tell_long_secrets_apart() -> None:
    assert Secret(TOKEN).last_four == "9Z3k"
    assert Secret("sixteen-letters!").last_four == "ers!"


def test_a_short_secret_such_as_a_pin_has_no_last_four() -> None:
    assert Secret("482913").last_four == ""
    assert Secret("fifteen-letters").last_four == ""


def test_the_fingerprint_is_the_start_of_the_sha256() -> None:
    # printf EAATESTTOKEN | sha256sum
    assert Secret("EAATESTTOKEN").fingerprint == "c7936615b67b"


def test_copies_of_what_holds_a_secret_hold_the_same_one() -> None:
    @dataclass(frozen=True)
    class Holder:
        token: Secret

    secret = Secret(TOKEN)
    assert copy.copy(secret) is secret
    assert copy.deepcopy(Holder(secret)).token is secret
    assert asdict(Holder(secret))["token"] is secret


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^an empty text is not a secret$"):
        Secret("")
