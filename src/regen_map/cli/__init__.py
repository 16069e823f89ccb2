"""The command ``regen-map``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

import click

import regen_map
from regen_map.catalogue import Catalogue
from regen_map.export.dictionary import write_dictionary
from regen_map.messages import LANGUAGES, translator
from regen_map.messages.issues import describe
from regen_map.store import FolderStore, StoreError, data_folder, folder_store

_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - has no public name

_DEFAULT_PORT = 8501


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run a command.

    Parameters
    ----------
    arguments
        What follows ``regen-map``; those of the process when not given.

    Returns
    -------
    int
        Exit status: 0 when all went well.
    """
    given = _parser().parse_args(arguments)
    status: int = given.run(given)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="regen-map", description=regen_map.__doc__)
    parser.add_argument("--version", action="version", version=f"regen-map {version('regen-map')}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")
    _add_serve(commands)
    _add_check(commands)
    _add_data_docs(commands)
    return parser


# ---------------------------------------------------------------- serve


def _add_serve(commands: _Commands) -> None:
    serve = commands.add_parser("serve", help="start the map", description="Start the map.")
    serve.add_argument(
        "--port", type=_port, default=_DEFAULT_PORT, help="default %(default)s; 0 takes a free one"
    )
    serve.add_argument("--host", help="address to listen on; all of this machine's when not given")
    serve.add_argument("--data", type=_folder, help="folder of a city; Carrara when not given")
    serve.add_argument(
        "--tiles",
        choices=["city", "none"],
        default="city",
        help="background of the map: as city.toml says, or no request to any other server",
    )
    serve.set_defaults(run=_serve)


def _serve(given: argparse.Namespace) -> int:
    if given.data:
        os.environ["REGEN_MAP_DATA"] = str(given.data)
    if given.tiles == "none":
        os.environ["REGEN_MAP_TILES"] = "none"
    # Told here in sentences; from inside the server it would be a traceback.
    if _load(data_folder()) is None:
        return 1
    options = ["--server.port", str(given.port)]
    if given.host:
        options += ["--server.address", given.host, "--browser.serverAddress", given.host]
    return _run_streamlit("run", str(launcher()), *options)


def _run_streamlit(*arguments: str) -> int:
    from streamlit.web.cli import main as streamlit  # noqa: PLC0415 - slow, and only for this

    try:
        streamlit(arguments, prog_name="streamlit", standalone_mode=False)
    except click.Abort:
        # Ctrl-C is how a server is meant to be stopped.
        return 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return 0


def launcher() -> Path:
    """
    Find the file that builds the server.

    Returns
    -------
    Path
        ``app.py`` of the repository, or its copy inside an installed package. The
        options of Streamlit stand beside either, in ``.streamlit/config.toml``.
    """
    package = Path(regen_map.__file__).parent
    installed = package / "_app" / "app.py"
    return installed if installed.exists() else package.parents[1] / "app.py"


# ---------------------------------------------------------------- check


def _add_check(commands: _Commands) -> None:
    check = commands.add_parser(
        "check",
        help="tell what is wrong in the files of a city",
        description="Read a folder as the map does; tell every fault, and how to mend it."
        " Ends with 0 when there are no errors, 1 when there are, 2 when nothing can be read.",
    )
    check.add_argument("folder", type=_folder, nargs="?", help="Carrara's when not given")
    check.add_argument(
        "--lang", choices=LANGUAGES, default=LANGUAGES[0], help="default %(default)s"
    )
    check.set_defaults(run=_check)


def _check(given: argparse.Namespace) -> int:
    try:
        issues = FolderStore(given.folder or data_folder()).load().issues
        worst = 1
    except StoreError as error:
        issues, worst = error.issues, 2
    for issue in issues:
        print(describe(issue, given.lang))
    words = translator(given.lang)
    n_errors = sum(issue.is_error for issue in issues)
    n_others = len(issues) - n_errors
    print(words.count("check.errors", n_errors), words.count("check.others", n_others))
    return worst if n_errors else 0


# ---------------------------------------------------------------- data-docs


def _add_data_docs(commands: _Commands) -> None:
    docs = commands.add_parser(
        "data-docs",
        help="describe the files of a city",
        description="Write README.md and datapackage.json into the folder of a city.",
    )
    docs.add_argument("--data", type=_folder, help="the folder; Carrara's when not given")
    docs.set_defaults(run=_data_docs)


def _data_docs(given: argparse.Namespace) -> int:
    folder = given.data or data_folder()
    catalogue = _load(folder)
    if catalogue is None:
        return 1
    write_dictionary(folder, catalogue.vocabularies, catalogue.city)
    return 0


# ---------------------------------------------------------------- what commands share


def _load(folder: Path) -> Catalogue | None:
    """Read a catalogue; where there is none, say why and give None."""
    try:
        return folder_store(folder).load().catalogue
    except StoreError as error:
        print(error, *(describe(each, "en") for each in error.issues), sep="\n", file=sys.stderr)
        return None


def _port(text: str) -> int:
    highest = 65535
    if not text.isdecimal() or int(text) > highest:
        message = f"a port is a number from 0 to {highest}, got {text!r}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _folder(text: str) -> Path:
    folder = Path(text).resolve()
    if not folder.is_dir():
        message = f"there is no folder {text!r}"
        raise argparse.ArgumentTypeError(message)
    return folder
