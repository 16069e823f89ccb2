"""A real PostgreSQL with PostGIS on a free port, for as long as the tests run."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from regen_map.store.postgres import migrate

OWNER, TEMPLATE = "owner", "prepared"
_PATIENCE_S = 60


@dataclass
class Server:
    """
    A server of its own.

    Attributes
    ----------
    home
        Its folder: data, socket and log.
    port
        Where it listens, on this machine only.
    password
        Of `OWNER`, who may do everything.
    """

    home: Path
    port: int
    password: str
    _numbers: Iterator[int] = field(default_factory=count)
    _process: subprocess.Popen[bytes] | None = None

    def address(self, database: str, user: str = OWNER, password: str | None = None) -> str:
        """Give the address of a database."""
        secret = self.password if password is None else password
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def database(self, template: str = TEMPLATE) -> str:
        """Make a database, with the tables of a store unless another template is named."""
        name = f"city{next(self._numbers)}"
        self.run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return self.address(name)

    def run(self, command: sql.Composed | sql.SQL, database: str = "postgres") -> None:
        """Do something as the owner, outside of a transaction."""
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            connection.execute(command)

    def start(self, *, durable: bool = False) -> None:
        """Start it; unless it is to be durable, it trusts that the power stays on."""
        assert self._process is None
        options = ["-F"] if not durable else []
        command = [_program("postgres"), "-D", str(self.home / "data"), "-p", str(self.port)]
        command += ["-k", str(self.home), "-h", "127.0.0.1", *options]
        with (self.home / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stderr=log, stdout=log, user=_user())
        end = time.monotonic() + _PATIENCE_S
        while True:
            try:
                psycopg.connect(self.address("postgres")).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self.home / "log").read_text()
                assert time.monotonic() < end, "PostgreSQL did not start"
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop it at once, as if the power had failed; it ends its own children."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(_PATIENCE_S)
        self._process = None


def _program(name: str) -> str:
    """Find a program of PostgreSQL, the newest where Debian keeps several; empty if none."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or next(map(str, kept), "")


def _user() -> str | None:
    """Name who is to run it: it refuses the administrator."""
    if os.getuid():
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[Server]:
    """Make a server, run it, and remove it again."""
    # A folder of pytest's own is closed to other users; a socket's name must be short.
    home = Path(tempfile.mkdtemp(prefix="regen-map-"))
    server = Server(home=home, port=_free_port(), password=secrets.token_hex(8))
    try:
        (home / "password").write_text(server.password)
        if user := _user():
            found = pwd.getpwnam(user)
            for path in (home, home / "password"):
                os.chown(path, found.pw_uid, found.pw_gid)
        subprocess.run(
            [
                *(_program("initdb"), "-D", str(home / "data"), "-U", OWNER, "--no-sync"),
                *("--auth=scram-sha-256", f"--pwfile={home / 'password'}", "--encoding=UTF8"),
                *("--no-locale", "--no-instructions"),
            ],
            check=True,
            capture_output=True,
            user=user,
        )
        server.start(durable=durable)
        try:
            server.run(sql.SQL("CREATE DATABASE prepared"))
            migrate(server.address(TEMPLATE))
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home)


_RUNNING: list[Server] = []
"""The one of this process, whichever module has asked for it first."""


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Server:
    """Run PostgreSQL; its absence is a skip for a developer and a failure in CI."""
    if not _program("postgres"):
        message = "There is no PostgreSQL on this machine: apt-get install postgresql-15-postgis-3"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    if not _RUNNING:
        stack = ExitStack()
        _RUNNING.append(stack.enter_context(running_server()))
        pytestconfig.add_cleanup(stack.close)
    return _RUNNING[0]
