"""How often somebody has failed to sign in, and how long they must wait for it."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from typing import NamedTuple

FREE = 5
"""How many failures nobody is slowed for."""
MOST = 10
"""After how many failures nobody gets in for the time of `LOCK_OUT`."""
LOCK_OUT = dt.timedelta(minutes=15)
"""How long that is, and after how long without a failure all are forgotten."""

_FIRST_PAUSE = dt.timedelta(seconds=5)
_NONE = dt.timedelta(0)


class _Record(NamedTuple):
    failures: int
    last: dt.datetime


class Attempts:
    """
    The failures of many, in bounded memory.

    Not safe to share between threads by itself.

    Parameters
    ----------
    most
        How many are remembered at a time; the one whose last failure is the oldest is
        forgotten first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def __len__(self) -> int:
        """Tell how many are remembered."""
        return len(self._records)

    def pause(self, key: str, now: dt.datetime) -> dt.timedelta:
        """
        Tell how long somebody must wait.

        Returns
        -------
        datetime.timedelta
            None of it up to `FREE` failures, then 5 s, twice that after each further one,
            and `LOCK_OUT` after `MOST`.
        """
        record = self._current(key, now)
        if record is None or record.failures < FREE:
            return _NONE
        whole = LOCK_OUT
        if record.failures < MOST:
            whole = _FIRST_PAUSE * 2 ** (record.failures - FREE)
        # A clock that was set back must not make it longer.
        return min(whole, max(_NONE, record.last + whole - now))

    def failed(self, key: str, now: dt.datetime) -> int:
        """Note a failure, and tell how many there are now."""
        record = self._current(key, now)
        failures = record.failures + 1 if record is not None else 1
        self._records[key] = _Record(failures, now)
        self._records.move_to_end(key)
        while len(self._records) > self._most:
            self._records.popitem(last=False)
        return failures

    def take_back(self, key: str) -> None:
        """Undo one `failed`: it was none."""
        record = self._records.get(key)
        if record is not None and record.failures > 1:
            self._records[key] = record._replace(failures=record.failures - 1)
        else:
            self.forget(key)

    def forget(self, key: str) -> None:
        """Forget all failures of somebody."""
        self._records.pop(key, None)

    def _current(self, key: str, now: dt.datetime) -> _Record | None:
        record = self._records.get(key)
        if record is not None and now - record.last >= LOCK_OUT:
            self.forget(key)
            return None
        return record
