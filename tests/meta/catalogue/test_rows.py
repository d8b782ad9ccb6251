"""The loader refuses what would mislead people later."""

from pathlib import Path

import pytest

from app.meta.catalogue.rows import BadCatalogue, Case, Explanation, read_catalogue, read_findings

CLIENT = '[calm]\nmeaning = "A thing happened."\ndo = "Nothing is needed from you."\n'
ROW = """
[[row]]
match = {match}
key = "{key}"
meaning = "A meaning."
who = "{who}"
do = "A deed."
retry = "{retry}"
button = "{button}"
client = "{client}"
{more}
"""


def row(match: str = '["1"]', **other: str) -> str:
    return ROW.format(
        **{
            "key": "one",
            "who": "nobody",
            "retry": "never",
            "button": "none",
            "client": "calm",
            "more": "",
            "match": match,
            **other,
        }
    )


def read(folder: Path, *files: str) -> dict[Case, Explanation]:
    (folder / "client.toml").write_text(CLIENT)
    for number, text in enumerate(files):
        (folder / f"{number}.toml").write_text(text)
    return read_catalogue(folder)


def test_a_row_becomes_an_explanation_with_the_clients_words(tmp_path: Path) -> None:
    found = read(tmp_path, row(more='link = "https://example.com"'))
    assert found == {
        Case(code=1): Explanation(
            key="one",
            meaning="A meaning.",
            who="nobody",
            do="A deed.",
            link="https://example.com",
            retry="never",
            button="none",
            client_meaning="A thing happened.",
            client_do="Nothing is needed from you.",
        )
    }


def test_a_row_may_speak_of_codes_subcodes_ranges_and_classes_in_one_step(tmp_path: Path) -> None:
    found = read(tmp_path, row('["190", "190/463", "102/*", "200-202", "class:busy"]', more='step = "credit"'))
    assert set(found) == {
        Case(code=190, step="credit"),
        Case(code=190, subcode=463, step="credit"),
        Case(code=102, subcode="*", step="credit"),
        Case(code=200, step="credit"),
        Case(code=201, step="credit"),
        Case(code=202, step="credit"),
        Case(kind="busy", step="credit"),
    }


def test_a_row_may_be_for_several_steps(tmp_path: Path) -> None:
    found = read(tmp_path, row('["190"]', more='step = ["credit", "fetch"]'))
    assert set(found) == {Case(code=190, step="credit"), Case(code=190, step="fetch")}


def test_files_add_up_and_an_empty_one_adds_nothing(tmp_path: Path) -> None:
    assert len(read(tmp_path, row(), "", row('["2"]', key="two"))) == 2


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ([row(), row('["2"]')], "two rows are called one"),
        ([row(), row(key="two")], "two and one both explain"),
        ([row('["1", "1"]')], "one and one both explain"),
        ([row(who="somebody")], "one: who is somebody, which is none of client, partner, meta, nobody"),
        ([row(retry="later")], "one: retry is later"),
        ([row(button="dance")], "one: button is dance, which is none of none, try_again, connect_again"),
        ([row(more='step = "dance"')], "one: step is dance"),
        ([row(client="loud")], "one: client.toml has no meaning and do for loud"),
        ([row(more='colour = "red"')], r"one: missing \[\], unknown \['colour'\]"),
        (['[[row]]\nkey = "one"'], "one: missing .*'client', 'do', 'match', 'meaning'"),
        (["[[row]]"], "a row without key: missing"),
        ([row('["19o"]')], "one: 19o is neither"),
        ([row('["1-2/3"]')], "one: 1-2/3 is neither"),
        ([row('["class:"]')], "one: class: is neither"),
    ],
)
def test_a_broken_row_is_named_with_its_rule(tmp_path: Path, files: list[str], complaint: str) -> None:
    with pytest.raises(BadCatalogue, match=complaint):
        read(tmp_path, *files)


FINDING = """
[empty_shelf]
meaning = "A meaning."
who = "client"
do = "A deed."
retry = "by_hand"
button = "try_again"
client_meaning = "A thing happened."
client_do = "Look again."
"""


def findings(folder: Path, text: str) -> dict[str, Explanation]:
    (folder / "findings.toml").write_text(text)
    return read_findings(folder)


def test_a_finding_carries_its_clients_words_with_it(tmp_path: Path) -> None:
    assert findings(tmp_path, FINDING) == {
        "empty_shelf": Explanation(
            key="empty_shelf",
            meaning="A meaning.",
            who="client",
            do="A deed.",
            link=None,
            retry="by_hand",
            button="try_again",
            client_meaning="A thing happened.",
            client_do="Look again.",
        )
    }


def test_findings_are_no_rows_and_rows_no_findings(tmp_path: Path) -> None:
    findings(tmp_path, FINDING)
    assert list(read(tmp_path, row())) == [Case(code=1)]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (FINDING.replace('who = "client"', 'who = "someone"'), "empty_shelf: who is someone"),
        (FINDING.replace('retry = "by_hand"', 'retry = "soon"'), "empty_shelf: retry is soon"),
        (FINDING.replace('do = "A deed."\n', ""), r"empty_shelf: missing \['do'\]"),
        (FINDING.replace('button = "try_again"', 'button = "push"'), "empty_shelf: button is push"),
        (FINDING + 'colour = "red"', r"empty_shelf: missing \[\], unknown \['colour'\]"),
    ],
)
def test_a_broken_finding_is_named_with_its_rule(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(BadCatalogue, match=complaint):
        findings(tmp_path, text)
