"""The command, and the server it starts, from a folder that is not ours."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import httpx2
import pytest

from regen_map.cli import main
from regen_map.cli.serve import launcher
from regen_map.store import shipped_folder

START_S = 60
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("REGEN_MAP_", "STREAMLIT_"))
} | {"REGEN_MAP_HISTORY": "off"}


def test_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"regen-map {version('regen-map')}\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "required: command"),
        (["fly"], "invalid choice: 'fly'"),
        (["serve", "--port", "http"], "a port is a number from 0 to 65535, got 'http'"),
        (["serve", "--port", "70000"], "a port is a number from 0 to 65535, got '70000'"),
        (["serve", "--data", "nowhere"], "there is no folder 'nowhere'"),
        (["serve", "--tiles", "paper"], "invalid choice: 'paper'"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_wrong_argument_is_told_in_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert sentence in capsys.readouterr().err


def test_a_folder_without_a_city_is_told_in_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Set, so that what the command sets is taken back after the test.
    monkeypatch.setenv("REGEN_MAP_DATA", "")
    assert main(["serve", "--data", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert str(tmp_path) in told
    assert "city.toml" in told


def test_data_docs_describe_the_files_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    shutil.copytree(shipped_folder(), folder)
    described = [folder / "README.md", folder / "datapackage.json"]
    before = [each.read_text("utf-8") for each in described]
    for each in described:
        each.unlink()
    assert main(["data-docs", "--data", str(folder)]) == 0
    assert [each.read_text("utf-8") for each in described] == before


def test_the_launcher_brings_the_options_of_streamlit_with_it() -> None:
    assert launcher().is_file()
    assert (launcher().parent / ".streamlit" / "config.toml").is_file()


class Server:
    """A running ``regen-map serve``."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "regen_map", "serve", "--port", "0", *options]
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []
        self.url = self._wait()

    def _wait(self) -> str:
        assert self.process.stdout
        # A server that hangs must end the test, not hold it.
        alarm = threading.Timer(START_S, self.process.kill)
        alarm.start()
        try:
            for line in self.process.stdout:
                self.said.append(line)
                if found := re.search(r"http://\S+:\d+", line):
                    return found[0]
        finally:
            alarm.cancel()
        pytest.fail("The server did not start:\n" + "".join(self.said))

    def get(self, path: str, **headers: str) -> httpx2.Response:
        transport = httpx2.HTTPTransport(retries=5)
        with httpx2.Client(transport=transport, timeout=START_S) as client:
            return client.get(self.url + path, headers=headers)

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=START_S)
        self.said.append(said)
        return self.process.returncode


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("elsewhere"), "--tiles", "none")
    yield started
    if started.process.poll() is None:
        started.interrupt()


def test_the_server_answers_from_any_folder(server: Server) -> None:
    assert server.get("/healthz").json()["status"] == "ok"
    assert server.get("/_stcore/health").text == "ok"
    assert "<title>Streamlit</title>" not in server.get("/").text


def test_the_server_runs_with_our_options_of_streamlit(server: Server) -> None:
    options = server.get("/_stcore/host-config").json()
    assert options["enableCustomParentMessages"] is False
    assert "not a valid config option" not in "".join(server.said)
    assert server.get("/app/static/anything.png").headers["content-type"].startswith("text/html")


def test_the_security_headers_stand_on_answers_of_streamlit(server: Server) -> None:
    for path in ("/_stcore/health", "/component/none", "/"):
        assert server.get(path).headers["x-content-type-options"] == "nosniff"


def test_tiles_can_be_switched_off(server: Server) -> None:
    policy = server.get("/component/streamlit_folium.st_folium/index.html").headers[
        "content-security-policy"
    ]
    assert "https:" not in policy


def test_an_interrupt_ends_the_server_cleanly(tmp_path: Path) -> None:
    server = Server(tmp_path, "--host", "127.0.0.1")
    assert server.url.startswith("http://127.0.0.1:")
    assert server.get("/healthz").is_success
    assert server.interrupt() == 0
    assert "Traceback" not in "".join(server.said)
