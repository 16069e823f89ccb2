"""Kill publications, and let many publish at once: ``python -m benchmarks.publishing``.

Each killed publication must leave the old files or the new ones, each of the crowd must publish
its change or be told of a conflict, and the chain of versions must stay whole: in a folder, and
with ``--store database`` in a PostgreSQL that is started for it and trusts no power supply. The
copy of Carrara's folder lies in a temporary one. Prints what was found; ends with 1 if anything
was lost.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from regen_map.intake import file_names
from regen_map.store import Draft, FolderStore, Overtaken, Store, Version, draft_of, publish, rebase, shipped_folder

FILES = ("projects.csv", "workshops.csv", "attractions.csv")
PATIENCE_S = 120
"""After so long a change that has met a conflict is given up, and told as one."""


class Folder:
    """The town in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def store(self) -> FolderStore:
        """Give a store of its own, as every process has one."""
        return FolderStore(self.folder)

    def files(self) -> dict[str, bytes]:
        """Read the files as they lie there, whatever a store says."""
        return {name: (self.folder / name).read_bytes() for name in file_names() if (self.folder / name).is_file()}

    def begun(self) -> bool:
        """Tell whether a publication was begun and not ended."""
        return (self.folder / ".history" / "publication.json").exists()


class Database:
    """The town in a database."""

    def __init__(self, address: str) -> None:
        self.address = address

    def store(self) -> Store:
        """Give a store of its own, as every process has one."""
        from regen_map.store.postgres import PostgresStore
        from regen_map.store.postgres.address import address_of

        return PostgresStore(address_of(self.address))

    def files(self) -> dict[str, bytes]:
        """Read the files when whatever the server still did for the dead is over."""
        store = self.store()
        with store.writing():
            return dict(store.contents().files)

    def begun(self) -> bool:
        """Tell that the server ends a transaction by itself."""
        return False


Place = Folder | Database


def changed(files: Mapping[str, bytes], name: str, row: int, mark: str) -> bytes:
    """Add a mark to a row of a table, which none of the shipped rows has over several lines."""
    lines = files[name].split(b"\n")
    identifier, text = lines[row].split(b",", 1)
    opening = b'"' if text.startswith(b'"') else b""
    bare = text.removeprefix(opening)
    if bare.startswith(b"["):
        bare = bare.partition(b"] ")[2]
    lines[row] = identifier + b"," + opening + b"[" + mark.encode() + b"] " + bare
    return b"\n".join(lines)


def done(store: Store, draft: Draft, author: str) -> Version:
    """Publish with the time of now."""
    return publish(store, draft, author=author, message="", at=dt.datetime.now(dt.UTC), confirmed=True)


def kill(place: Place, n_rounds: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Kill a publication of three files at a random moment, again and again.

    Returns
    -------
    tuple of Counter and list of str
        How often the old and the new state came out, and how often with a journal left; what went wrong.
    """
    chance, outcomes, wrong, span_s = random.Random(seed), Counter[str](), [], 0.3
    for n in range(n_rounds):
        store = place.store()
        before = store.versions()[-1]
        files = store.contents().files
        draft = draft_of(store, {name: changed(files, name, 1, str(n)) for name in FILES})
        hears, tells = os.pipe()
        child = os.fork()
        if not child:
            own = place.store()
            os.write(tells, b".")
            start = time.perf_counter()
            done(own, draft, "")
            os.write(tells, f"{time.perf_counter() - start}\n".encode())
            os._exit(0)
        os.read(hears, 1)
        time.sleep(chance.random() * span_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(tells)
        took = os.read(hears, 100)
        os.close(hears)
        if took:
            # Aim at the time that it takes on this machine, and a little after it.
            span_s = 0.8 * span_s + 0.2 * 1.1 * float(took)
        begun = place.begun()
        reader = place.store()
        shown = reader.load()
        found = place.files()
        newest = reader.versions()[-1]
        is_new = newest != before
        expected = draft.contents if is_new else draft.base
        # A server may finish what the dead has asked of it, after the first look.
        if reader.load().catalogue.version != newest.catalogue or shown.stale or found != dict(expected):
            wrong.append(f"round {n}: neither old nor new")
        if reader.verify():
            wrong.append(f"round {n}: {reader.verify()}")
        outcomes[("new" if is_new else "old") + (", finished by the next reader" if begun else "")] += 1
    return outcomes, wrong


def crowd(place: Place, n_writers: int, n_changes: int, scratch: Path) -> tuple[Counter[str], list[str]]:
    """Let many processes change rows of one table, each its own.

    Returns
    -------
    tuple of Counter and list of str
        How many versions, conflicts and rebases there were; what went wrong.
    """
    # Reading the other tables again and again takes time and tells nothing more.
    store = place.store()
    others = set(store.contents().files) - {"city.toml", "vocabularies.csv", "workshops.csv"}
    publish(
        store,
        draft_of(store, dict.fromkeys(others)),
        author="",
        message="",
        at=dt.datetime.now(dt.UTC),
        confirmed=True,
        partial=True,
    )
    first = len(store.versions())
    results = scratch / "results"
    results.mkdir()
    children = [_writer(place, me, n_changes, results) for me in range(n_writers)]
    failed = [child for child in children if os.waitpid(child, 0)[1]]
    store = place.store()
    outcomes, wrong = Counter[str](), [f"process {child} failed" for child in failed]
    told, files = [each.author for each in store.versions()[first:]], place.files()
    for me in range(n_writers):
        versions, conflicts, given_up = map(int, (results / str(me)).read_text().split())
        outcomes.update(versions=versions, conflicts=conflicts, **{"given up": given_up})
        last = [author for author in told if author.startswith(f"w{me} ")]
        if len(last) != versions or last != sorted(last, key=lambda each: int(each.split()[1])):
            wrong.append(f"writer {me}: {versions} published, {len(last)} in the history")
        if last and f"[{last[-1]}]".encode() not in files["workshops.csv"]:
            wrong.append(f"writer {me}: its last change is not in the file")
    if store.verify() or store.version_contents(store.versions()[-1]) != files:
        wrong.append("the history or the files are not whole")
    return outcomes, wrong


def _writer(place: Place, me: int, n_changes: int, results: Path) -> int:
    child = os.fork()
    if child:
        return child
    store = place.store()
    n_versions = n_conflicts = n_given_up = 0
    for n in range(n_changes):
        mark = f"w{me} {n}"
        with store.writing(PATIENCE_S):
            content = changed(store.contents().files, "workshops.csv", me + 1, mark)
            draft = draft_of(store, {"workshops.csv": content})
        try:
            done(store, draft, mark)
            n_versions += 1
            continue
        except (Overtaken, TimeoutError):
            n_conflicts += 1
        try:
            # Nobody else gets in between: what is read and checked again is not overtaken again.
            with store.writing(PATIENCE_S):
                done(store, rebase(store, draft), mark)
            n_versions += 1
        except (Overtaken, TimeoutError):
            n_given_up += 1
    (results / str(me)).write_text(f"{n_versions} {n_conflicts} {n_given_up}")
    os._exit(0)


@contextmanager
def town(kind: str) -> Iterator[tuple[Place, Path]]:
    """Copy Carrara into a temporary folder, and from there into a database if that is meant."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name).resolve()
        folder = scratch / "town"
        shutil.copytree(shipped_folder(), folder, ignore=shutil.ignore_patterns(".history", "images"))
        for path in folder.iterdir():
            path.chmod(0o644)
        store = FolderStore(folder)
        store.load()
        store.record(dt.datetime.now(dt.UTC))
        if kind == "folder":
            yield Folder(folder), scratch
            return
        from regen_map.store.postgres import import_folder
        from tests.postgres import running_server

        with running_server(durable=True) as server:
            place = Database(server.database())
            import_folder(place.store(), store, author="", at=dt.datetime.now(dt.UTC))
            yield place, scratch


def main() -> int:
    """Run both, print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=["folder", "database"], default="folder")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--changes", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    os.environ["REGEN_MAP_HISTORY"] = ""
    failures = []
    for name in ("kills", "writers"):
        with town(given.store) as (place, scratch):
            start = time.perf_counter()
            if name == "kills":
                outcomes, wrong = kill(place, given.kills, given.seed)
            else:
                outcomes, wrong = crowd(place, given.writers, given.changes, scratch)
            took_s = time.perf_counter() - start
            told = ", ".join(f"{kind}: {n}" for kind, n in sorted(outcomes.items()))
            print(f"{name} in a {given.store} ({took_s:.0f} s): {told}; wrong: {len(wrong)}", *wrong[:20], sep="\n", flush=True)
            failures += wrong
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
