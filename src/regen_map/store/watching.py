"""Looking for changes while the server runs."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from regen_map.store.files import HISTORY_VARIABLE, versions_to_keep
from regen_map.store.store import Store
from regen_map.store.unavailable import UnavailableError

_EVERY_S = 1.0
_SETTLING_S = 0.15
_REST = 60
"""How many rounds a history that cannot be written is left alone."""

_LOG = logging.getLogger(__name__)


def _present() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _asked_to_keep() -> int | None:
    try:
        return versions_to_keep()
    except ValueError as error:
        _LOG.warning("%s Nothing is dropped from the history.", error)
        return None


class Watcher:
    """
    One thread that looks for changes every second, for as long as the context lasts.

    It reads the files when they have changed, so that no visitor does, and puts every
    sound state that has stood still for a round into the history. Of a folder it asks the
    folder instead of the system, which tells nothing of what happens on a network share.
    With each new version it drops what ``REGEN_MAP_KEEP`` no longer asks to keep.

    Parameters
    ----------
    store
        Where the files are.
    prepare
        Called in the thread after every reading; makes what visitors will ask for.
    now
        The clock by which versions are dated: gives the moment with a time zone.
    every_s
        Seconds between two looks.
    """

    def __init__(
        self,
        store: Store,
        prepare: Callable[[], object] = lambda: None,
        *,
        now: Callable[[], dt.datetime] = _present,
        every_s: float = _EVERY_S,
    ) -> None:
        self._store = store
        self._prepare = prepare
        self._now = now
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="folder-watcher", daemon=True)
        self._rest = 0
        self._keep = _asked_to_keep()
        self._newest = 0
        self._failing = False
        self._unwritable = False

    def __enter__(self) -> Self:
        """Begin to look."""
        self._store.watched = True
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop; a folder that does not answer is not waited for."""
        self._stop.set()
        self._store.watched = False
        self._thread.join(timeout=self._every_s)

    def _run(self) -> None:
        # The files may be changing while the server starts: what it has read stands still
        # only when the first round finds nothing new.
        while not self._store.pause(self._every_s, self._stop):
            try:
                self.look()
            except UnavailableError as error:
                if not self._failing:
                    _LOG.warning("The map shows what it read last, if anything: %s", error)
                self._failing = True
            except Exception:  # noqa: BLE001 - whatever happens, the next round may do better
                if not self._failing:
                    _LOG.warning("%s could not be read", self._store.name, exc_info=True)
                self._failing = True
            else:
                self._failing = False

    def look(self) -> None:
        """Do what there is to do in one round."""
        if self._store.changed():
            self._store.settle(_SETTLING_S * self._every_s, self._stop)
            self._store.refresh()
            self._prepare()
        elif self._rest:
            self._rest -= 1
        else:
            self._record()

    def _record(self) -> None:
        try:
            self._store.record(self._now())
            self._drop()
        except OSError as error:
            self._rest = _REST
            if not self._unwritable:
                self._unwritable = True
                _LOG.warning(
                    "No history is kept of %s (%s); %s names another place for it, or says off",
                    self._store.name,
                    error,
                    HISTORY_VARIABLE,
                )
        else:
            self._unwritable = False

    def _drop(self) -> None:
        """Drop the contents of old versions once for each new one, whoever has published it."""
        if self._keep is None or not (versions := self._store.versions()):
            return
        if (newest := versions[-1].number) != self._newest:
            self._store.keep(self._keep)
            self._newest = newest
