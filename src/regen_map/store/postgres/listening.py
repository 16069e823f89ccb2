"""Hearing at once of what others publish, and looking now and then all the same."""

from __future__ import annotations

import time
from threading import Event

import psycopg
from psycopg import sql

from regen_map.store.postgres.address import Address
from regen_map.store.postgres.connecting import Connection, connect
from regen_map.store.postgres.kept import CHANNEL
from regen_map.store.unavailable import UnavailableError

_SLICE_S = 0.25
"""After so long it is seen that the server stops."""
_LOOKS = 3
"""While it is being listened to, every third look would do."""
_LONGEST_REST_S = 30.0


class Ear:
    """
    A connection that only listens; for one thread.

    Parameters
    ----------
    address
        Where the database is.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: Connection | None = None
        self._rest_s = 0.0

    def pause(self, seconds: float, stop: Event) -> bool:
        """
        Wait until a version was published, or for so long.

        Where the server is away it is waited longer each time, half a minute at most.

        Returns
        -------
        bool
            Whether to stop; nothing is listened to any more then.
        """
        if self._connection is None:
            stopping = stop.wait(self._rest_s)
            if not stopping:
                # What came while nobody listened is seen by looking, which is next.
                self._listen(seconds)
            return stopping
        end = time.monotonic() + seconds * _LOOKS
        try:
            while not stop.is_set():
                left = min(end - time.monotonic(), _SLICE_S)
                if left <= 0 or list(self._connection.notifies(timeout=left, stop_after=1)):
                    return False
        except psycopg.Error:
            self._hang_up()
            return stop.is_set()
        self._hang_up()
        return True

    def _listen(self, seconds: float) -> None:
        try:
            self._connection = connect(self._address)
            self._connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            self._rest_s = 0.0
        except (UnavailableError, psycopg.Error):
            self._hang_up()
            self._rest_s = min(max(2 * self._rest_s, seconds), _LONGEST_REST_S)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
