from app.factory import create_app
from app.runtime import Runtime


def test_every_group_is_under_flask_with_a_word_of_help(rt: Runtime) -> None:
    commands = create_app(rt).cli.commands
    assert commands["doctor"].help
    for name in ("api-keys", "keys", "links", "onboardings", "staff"):
        assert commands[name].help
        for command in commands[name].commands.values():  # type: ignore[attr-defined]
            assert command.help, (name, command.name)
