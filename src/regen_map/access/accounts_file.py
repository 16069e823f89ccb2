"""The file of secrets on disk, read again when it has changed."""

from __future__ import annotations

import logging
import os
import stat
import threading
from pathlib import Path
from typing import TypeAlias

from regen_map.access.accounts import Accounts, AccountsFault, Fault, accounts_in

SECRETS_VARIABLE = "REGEN_MAP_SECRETS"
"""The environment variable that names the file of secrets."""
LARGEST_BYTES = 2**20
"""How large a file of secrets may be."""

_LOG = logging.getLogger(__name__)
_Stamp: TypeAlias = tuple[int, int, int, int]
_SHOWN = 80

_SENTENCES = {
    Fault.FILE: "it cannot be read, or is no TOML: nobody can sign in",
    Fault.TABLE: "%s should be a table, and is ignored",
    Fault.NAME: "no account can have the name %s",
    Fault.ROLE: "the account %s has no role that there is, and is closed",
    Fault.PASSWORD: "the password of the account %s is no Argon2id hash, and it is closed",
    Fault.LIST: "%s should be a list of e-mail addresses, and is ignored",
    Fault.ADDRESS: "%s has an entry that is no e-mail address in ASCII, which is ignored",
    Fault.COOKIE_SECRET: "%s of [auth] is too short: nobody comes in by their organisation",
}


class AccountsFile:
    """
    The accounts in a file, as it is at the moment: whoever is removed is out at once.

    Safe to share between threads. What is wrong with the file is logged once, and keeps
    out whom it concerns.

    Parameters
    ----------
    path
        The file, which need not be there: then nobody has an account.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reading = threading.Lock()
        self._stamp: _Stamp | None = None
        self._accounts = Accounts()

    @property
    def accounts(self) -> Accounts:
        """Who may sign in now."""
        with self._reading:
            try:
                status = self.path.stat()
            except FileNotFoundError:
                self._stamp, self._accounts = None, Accounts()
                return self._accounts
            except OSError:
                # A folder on the way may have become readable again by the next look.
                status = None
            # Taken before reading: a file that changes meanwhile is read again next time.
            stamp = _stamp(status)
            if stamp != self._stamp:
                self._accounts = self._read(status)
                self._stamp = stamp
                self._tell()
            return self._accounts

    def _read(self, status: os.stat_result | None) -> Accounts:
        unreadable = Accounts(faults=(AccountsFault(Fault.FILE, ""),))
        if status is None or not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_BYTES:
            return unreadable
        try:
            return accounts_in(self.path.read_bytes())
        except OSError:
            return unreadable

    def _tell(self) -> None:
        for fault, subject in self._accounts.faults:
            sentence = f"%s: {_SENTENCES[fault]}."
            named = (ascii(subject[:_SHOWN]),) if "%s" in _SENTENCES[fault] else ()
            _LOG.warning(sentence, self.path, *named)


def secrets_file() -> Path:
    """
    Find the file of secrets.

    Returns
    -------
    Path
        The one that ``REGEN_MAP_SECRETS`` names; else ``.streamlit/secrets.toml`` of the
        folder where the process was started, which Streamlit reads too.
    """
    named = os.environ.get(SECRETS_VARIABLE, "").strip()
    if named:
        return Path(named).expanduser().absolute()
    return Path.cwd() / ".streamlit" / "secrets.toml"


def _stamp(status: os.stat_result | None) -> _Stamp:
    if status is None:
        return (-1, -1, -1, -1)
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
