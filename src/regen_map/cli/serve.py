"""``regen-map serve``: start the map."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import click

import regen_map
from regen_map.access import SECRETS_VARIABLE
from regen_map.cli.arguments import Commands, existing_folder, load, port
from regen_map.cli.output import unavailable
from regen_map.messages import translator
from regen_map.store import DATA_VARIABLE, PASSING, STORE_VARIABLE, UnavailableError

_DEFAULT_PORT = 8501


def add(commands: Commands) -> None:
    """Describe the command."""
    serve = commands.add_parser("serve", help="start the map", description="Start the map.")
    serve.add_argument(
        "--port", type=port, default=_DEFAULT_PORT, help="default %(default)s; 0 takes a free one"
    )
    serve.add_argument("--host", help="address to listen on; all of this machine's when not given")
    serve.add_argument(
        "--data", type=existing_folder, help="folder of a city; Carrara when not given"
    )
    serve.add_argument(
        "--tiles",
        choices=["city", "none"],
        default="city",
        help="background of the map: as city.toml says, or no request to any other server",
    )
    serve.set_defaults(run=_serve)


def _serve(given: argparse.Namespace) -> int:
    if given.data:
        os.environ[DATA_VARIABLE] = str(given.data)
        # What is typed counts for more than what the environment says.
        os.environ.pop(STORE_VARIABLE, None)
    if given.tiles == "none":
        os.environ["REGEN_MAP_TILES"] = "none"
    # Told here in sentences; from inside the server it would be a traceback.
    try:
        if load(None) is None:
            return 1
    except UnavailableError as error:
        if error.reason not in PASSING:
            raise
        words = translator("en")
        print(unavailable(error, words), words.text("waiting.start"), sep="\n", file=sys.stderr)
    options = ["--server.port", str(given.port)]
    if given.host:
        options += ["--server.address", given.host, "--browser.serverAddress", given.host]
    if os.environ.get(SECRETS_VARIABLE):
        # One file for both: Streamlit reads in it how staff come in with their organisation.
        options += ["--secrets.files", os.environ[SECRETS_VARIABLE]]
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
