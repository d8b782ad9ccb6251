from sqlalchemy import select

from app.access.models import Staff
from app.access.passwords import matches
from app.access.staff import get_by_email
from app.kit.secret import Secret
from app.runtime import Runtime
from tests.cli.conftest import Run

PASSWORD = "coral-harbour-lamp-42"


def add(run: Run, email: str = "robin@partner.example") -> int:
    return run("staff", "add", email, "--name", "Robin Example", stdin=f"{PASSWORD}\n").exit_code


def test_a_person_is_added_with_a_password_from_stdin(run: Run, rt: Runtime) -> None:
    result = run("staff", "add", "Robin@Partner.example", "--name", "Robin Example", stdin=f"{PASSWORD}\n")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "robin@partner.example may sign in at http://localhost:5000/console/sign-in" in result.stderr
    assert PASSWORD not in result.output
    with rt.db.read() as session:
        assert matches(get_by_email(session, "robin@partner.example").password_hash, Secret(PASSWORD))


def test_a_password_cannot_be_typed_as_an_argument(run: Run) -> None:
    result = run("staff", "add", "robin@partner.example", "--name", "Robin", "--password", PASSWORD)
    assert result.exit_code == 2


def test_a_weak_password_is_refused_with_each_reason(run: Run, rt: Runtime) -> None:
    result = run("staff", "add", "nonsense", "--name", "Robin", stdin="short\n")
    assert result.exit_code == 1
    assert "email: is not an e-mail address" in result.stderr
    assert "password: needs at least 12 characters" in result.stderr
    with rt.db.read() as session:
        assert session.scalars(select(Staff)).all() == []


def test_without_a_password_nothing_happens(run: Run) -> None:
    result = run("staff", "add", "robin@partner.example", "--name", "Robin", stdin="")
    assert result.exit_code == 1
    assert "No password was given." in result.stderr


def test_the_same_address_twice_is_refused(run: Run) -> None:
    assert add(run) == 0
    assert add(run) == 1


def test_everybody_is_listed_and_nobodys_hash(run: Run) -> None:
    add(run)
    result = run("staff", "list")
    assert "robin@partner.example" in result.stdout
    assert "argon2" not in result.stdout
    assert run("staff", "disable", "robin@partner.example").exit_code == 0
    assert run("staff", "list").stdout.count("UTC") == 2


def test_an_empty_list_says_what_to_do(run: Run) -> None:
    result = run("staff", "list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "flask staff add" in result.stderr


def test_a_new_password_replaces_the_old_one(run: Run, rt: Runtime) -> None:
    add(run)
    assert run("staff", "password", "robin@partner.example", stdin="seven-quiet-herons\n").exit_code == 0
    with rt.db.read() as session:
        stored = get_by_email(session, "robin@partner.example").password_hash
    assert matches(stored, Secret("seven-quiet-herons"))


def test_strangers_are_refused_with_a_sentence(run: Run) -> None:
    for typed in (("staff", "disable", "x@y.example"), ("staff", "password", "x@y.example")):
        result = run(*typed, stdin=f"{PASSWORD}\n")
        assert result.exit_code == 1
        assert "Nobody on the staff has this e-mail address." in result.stderr
