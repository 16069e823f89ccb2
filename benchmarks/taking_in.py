"""What a visitor feels while a large file is taken in: ``python -m benchmarks.taking_in``.

A copy of the shipped town is served; a visitor asks for something else ten times a second, over the websocket and without
a browser: from the question to the end of the script. Meanwhile a table of 50,000 rows is written into the folder. With
``thread`` the server reads it in one of its threads, with ``aside`` in another process, which also makes what visitors will
ask for; with ``unprepared`` that is made when the first of them asks.
The other figures: how long a change of one cell of the shipped town takes to be checked, and to be seen.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from benchmarks import servers
from benchmarks.intake import rows
from benchmarks.peers.ours import APP, NO_TILES, SHIPPED
from benchmarks.sections import machine, markdown_table, publish
from regen_map.store import FolderStore, draft_of

WAYS = {
    "thread": """
from regen_map.intake import read_catalogue
from regen_map.intake.aside import prepare_quietly
def read(files, options, prepare=None, **_asked):
    reading = read_catalogue(files, options)
    prepare_quietly(prepare, reading.catalogue)
    return reading
""",
    "unprepared": """
from regen_map.intake.aside import read_catalogue_aside
def read(files, options, prepare=None, **asked):
    return read_catalogue_aside(files, options, **asked)
""",
    "aside": "from regen_map.intake.aside import read_catalogue_aside as read",
}
QUESTIONS = ("q=marmo", "q=studio", "q=piazza", "kind=square", "phase=works", "")
SERVER = """
import sys
from regen_map.store.folder import folder
{way}
assert folder.read_catalogue_aside
folder.read_catalogue_aside = read
{cure}
from streamlit.web.cli import main
sys.argv = ["streamlit", "run", {app!r}, "--server.port", "{port}"]
main()
"""
EVERY_S = 0.1
LEAST = 5
"""Of fewer answers only the worst is told."""
AFTER_S = 4.0
"""How long to look on after a change is to be seen."""


class Asked(NamedTuple):
    """One question of the visitor.

    Attributes
    ----------
    at
        When, in seconds.
    took_ms
        How long the answer took.
    """

    at: float
    took_ms: float


class Visitor(threading.Thread):
    """Asks ten times a second until told to stop."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url = url.replace("http", "ws") + "/_stcore/stream"
        self.asked: list[Asked] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        """Ask again and again, at a steady pace."""
        with connect(self.url, subprotocols=["streamlit"], max_size=None) as socket:
            for n in count():
                started = time.perf_counter()
                message = BackMsg()
                message.rerun_script.query_string = f"lang=it&{QUESTIONS[n % len(QUESTIONS)]}"
                socket.send(message.SerializeToString())
                answer = ForwardMsg()
                while answer.WhichOneof("type") != "script_finished":
                    answer.ParseFromString(socket.recv(timeout=120))
                self.asked.append(Asked(started, (time.perf_counter() - started) * 1000))
                if self.stopped.wait(max(0.0, EVERY_S - (time.perf_counter() - started))):
                    return

    def between(self, start: float, end: float) -> list[float]:
        """Give how long the answers took that came then, in milliseconds."""
        return [each.took_ms for each in self.asked if start <= each.at + each.took_ms / 1000 < end]


@contextmanager
def served(folder: Path, way: str, cure: str = "") -> Iterator[servers.Server]:
    """Serve a folder whose files are read in one of the ways."""
    port = servers.free_port()
    code = SERVER.format(way=WAYS[way], app=str(APP), port=port, cure=cure)
    environment = {"REGEN_MAP_DATA": str(folder), "REGEN_MAP_HISTORY": "", **NO_TILES}
    with servers.running([sys.executable, "-c", code], port, environment=environment) as server:
        yield server


@contextmanager
def copied() -> Iterator[Path]:
    """Copy the shipped town."""
    with tempfile.TemporaryDirectory(prefix="regen-map-benchmark-") as scratch:
        folder = Path(scratch).resolve() / "town"
        shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns(".history", "images"))
        yield folder


def shown(url: str) -> str:
    """Ask which catalogue is shown."""
    with urllib.request.urlopen(f"{url}/healthz", timeout=60) as answer:
        return str(json.loads(answer.read())["catalogue"])


def written(path: Path, content: bytes) -> None:
    """Write a file in one step."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(content)
    draft.replace(path)


def seen_after(url: str, act: Callable[[], object], every_s: float) -> float:
    """Do something, and tell how many seconds later another catalogue is shown."""
    before = shown(url)
    start = time.perf_counter()
    act()
    while shown(url) == before:
        time.sleep(every_s)
    return time.perf_counter() - start


def workshops(n_rows: int) -> bytes:
    """Make a table of places."""
    return _table(list(rows(n_rows)))


def addresses(n_rows: int) -> bytes:
    """Make a register of civic numbers."""
    return _table(
        [
            {
                "street": f"Via di Prova {n // 50}",
                "number": str(n % 50 + 1),
                "lat": f"{44.02 + n % 997 / 9000:.6f}",
                "lon": f"{10.02 + n % 991 / 9000:.6f}",
            }
            for n in range(n_rows)
        ]
    )


TABLES = {"workshops": workshops, "addresses": addresses}


def _table(made: Sequence[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(made[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(made)
    return text.getvalue().encode()


def watch(way: str, table: str, content: bytes, still_s: float, cure: str = "") -> tuple[str, ...]:
    """Write a large table under the eyes of a visitor.

    Returns
    -------
    tuple of str
        Table and way; median, 95th percentile and worst in milliseconds, still, while it is taken in, and after it is
        seen; the worst while it is taken in over the median before; seconds until it is seen.
    """
    with copied() as folder, served(folder, way, cure) as server:
        visitor = Visitor(server.url)
        visitor.start()
        time.sleep(2)
        first = time.perf_counter()
        time.sleep(still_s)
        start = time.perf_counter()
        took = seen_after(server.url, lambda: written(folder / f"{table}.csv", content), 0.03)
        end = time.perf_counter()
        time.sleep(AFTER_S)
        visitor.stopped.set()
        visitor.join()
    spans = (first, start), (start, end), (end, end + AFTER_S)
    quiet, load, after = (visitor.between(*each) for each in spans)
    median = statistics.median(quiet)
    figures = (figure for times in (quiet, load, after) for figure in _figures(times))
    return table, way, *figures, f"{max(load) / median:.1f}x", f"{took:.1f}"


def _figures(times: list[float]) -> tuple[str, ...]:
    """Give median, 95th percentile and worst; the first may be all that there is, or not even that."""
    if len(times) < LEAST:
        return "–", "–", f"{max(times):.0f}" if times else "–"
    figures = statistics.median(times), statistics.quantiles(times, n=20, method="inclusive")[-1], max(times)
    return tuple(f"{each:.0f}" for each in figures)


def checked_ms(folder: Path, runs: int) -> float:
    """Change one cell of the shipped town and have it checked; the median, in milliseconds."""
    store, took = FolderStore(folder), []
    store.load()
    for n in range(runs):
        content = _changed(folder, n)
        start = time.perf_counter()
        draft_of(store, {"workshops.csv": content})
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


def seen_s(folder: Path, runs: int) -> list[float]:
    """Change one cell of the shipped town under a server; seconds until it is shown."""
    took = []
    with served(folder, "aside") as server:
        for n in range(runs):
            time.sleep(2.0 + 0.37 * n % 1)
            content = _changed(folder, n)
            took.append(
                seen_after(server.url, lambda: written(folder / "workshops.csv", content), 0.02)  # noqa: B023
            )
    return took


def _changed(folder: Path, n: int) -> bytes:
    content = (folder / "workshops.csv").read_bytes()
    identifier, rest = content.split(b"\n", 2)[1].split(b",", 1)
    return content.replace(identifier + b"," + rest, identifier + b",[%d] " % n + rest, 1)


def main(arguments: list[str] | None = None) -> int:
    """Measure all ways in turn."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.taking_in", description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3, help="times that each way is measured")
    parser.add_argument("--still", type=float, default=5, help="seconds without load")
    parser.add_argument("--tables", default=",".join(TABLES))
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--cure", default="", help="a file of Python that the server runs first")
    parser.add_argument(
        "--write-readme", action="store_true", help="put the tables into benchmarks/README.md"
    )
    given = parser.parse_args(arguments)
    cure = Path(given.cure).read_text("utf-8") if given.cure else ""
    results = []
    for table in given.tables.split(","):
        content = TABLES[table](given.rows)
        for _ in range(given.runs):
            for way in given.ways.split(","):
                results.append(watch(way, table, content, given.still, cure))
                print(*results[-1], file=sys.stderr, flush=True)
    os.environ["REGEN_MAP_HISTORY"] = ""
    with copied() as folder:
        checked = checked_ms(folder, 15)
    with copied() as folder:
        seen = seen_s(folder, 7)
    text = "\n\n".join(
        (
            markdown_table(
                [
                    f"{given.rows:,} rows of",
                    "read in",
                    "still ms",
                    "95 %",
                    "worst",
                    "taken in ms",
                    "95 %",
                    "worst",
                    "after ms",
                    "95 %",
                    "worst",
                    "worst / still",
                    "seen after s",
                ],
                results,
                n_texts=2,
            ),
            markdown_table(
                ["a change of one cell of the shipped town", "median", "worst"],
                [
                    ("checked, ms", f"{checked:.0f}", ""),
                    ("seen, s", f"{statistics.median(seen):.2f}", f"{max(seen):.2f}"),
                ],
            ),
        )
    )
    publish("taking_in", machine("streamlit", "pandas"), text, write=given.write_readme)
    return 0


if __name__ == "__main__":
    sys.exit(main())
