"""Servers of the compared pages: start, wait until they answer, read their processor time, stop."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

PROJECT = Path(__file__).resolve().parent.parent
STREAMLIT_SETTINGS = {
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "STREAMLIT_CLIENT_TOOLBAR_MODE": "minimal",
    "STREAMLIT_RUNNER_POST_SCRIPT_GC": "false",
    "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
    "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
    "STREAMLIT_SERVER_HEADLESS": "true",
}


class ServerFailedError(RuntimeError):
    """The server ended or did not answer in time."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes
    ----------
    url
        Address of its page.
    pid
        Its process.
    start_seconds
        From the start of the process until it answered.
    """

    url: str
    pid: int
    start_seconds: float

    def cpu_seconds(self) -> float:
        """Return the processor time that the process has used so far."""
        # The kernel's clock of another process: ~pid in the upper bits, 2 (scheduler time) in the lower.
        return time.clock_gettime(((~self.pid) << 3) | 2)

    def memory_mb(self) -> float:
        """Return the resident memory of the process."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return float("nan")


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def streamlit_command(script: Path, port: int) -> list[str]:
    """Return the command that serves a Streamlit script."""
    return [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]


@contextmanager
def running(
    command: Sequence[str],
    port: int,
    *,
    health: str = "/_stcore/health",
    environment: Mapping[str, str] | None = None,
    limit: float = 180.0,
) -> Iterator[Server]:
    """Run a server for the length of a ``with`` block.

    Parameters
    ----------
    command
        What to run, from the project's folder.
    port
        Where it will listen, on 127.0.0.1.
    health
        The path that answers when the server is ready.
    environment
        Variables to add; Streamlit's own settings are always the same.
    limit
        How long to wait, in seconds.

    Raises
    ------
    ServerFailedError
        When it ends early or does not answer.
    """
    variables = {
        **os.environ,
        **STREAMLIT_SETTINGS,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")])),
        **(environment or {}),
    }
    started = time.monotonic()
    with TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=variables, stdout=log, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            while not _answers(url + health):
                if process.poll() is not None or time.monotonic() - started > limit:
                    log.seek(0)
                    raise ServerFailedError(log.read()[-4000:].decode("utf-8", "replace"))
                time.sleep(0.05)
            yield Server(url, process.pid, time.monotonic() - started)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
