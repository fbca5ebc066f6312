"""docs/cli.md and `kb --help` say what the program does."""

import re
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from kb.cli.exits import ExitCode
from kb.cli.program import app

TEXT = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
COMMANDS = get_command(app).commands


def test_the_page_lists_exactly_the_commands():
    assert re.findall(r"^\| `kb (\w+)", TEXT, re.MULTILINE) == list(COMMANDS)


def test_the_page_and_the_help_give_each_exit_status_the_same_meaning():
    rows = dict(re.findall(r"^\| (\d+) \| (.+) \|$", TEXT, re.MULTILINE))
    assert {int(status): meaning.replace("`", "") for status, meaning in rows.items()} == {
        int(code): code.description for code in ExitCode
    }
    shown = " ".join(CliRunner().invoke(app, ["--help"]).stdout.split())
    assert all(f"{int(code)} {code.description}" in shown for code in ExitCode)


def test_every_option_that_the_page_names_exists():
    named = set(re.findall(r"`(--?[a-z-]+)", TEXT)) - {"--help"}
    known = {
        name for command in COMMANDS.values() for one in command.params for name in (*one.opts, *one.secondary_opts)
    }
    assert named <= known
    assert {"--json", "--index", "--since", "--prune", "--no-browser"} <= named


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in {"app"}])
def test_every_command_can_print_json(command):
    assert "--json" in {name for one in COMMANDS[command].params for name in one.opts}
