"""Adding, changing and removing accounts in a file of secrets; the rest of it stays as it is."""

from __future__ import annotations

import errno
import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

import tomlkit
from tomlkit.exceptions import TOMLKitError

from regen_map.access.accounts import ACCOUNTS, OURS

_FORM = "The file of secrets is no TOML, or its accounts are no tables."
_MODE = 0o600
"""Nobody but the one who runs the server reads secrets."""

_Tables: TypeAlias = MutableMapping[str, Any]
_Change: TypeAlias = Callable[[_Tables, Callable[[], _Tables]], None]


class SecretsFormError(ValueError):
    """A file of secrets is no TOML, or is written so that an account cannot be put into it."""


def account_names(content: bytes) -> tuple[str, ...]:
    """
    Name the accounts in a file of secrets, also those that are closed because of a fault.

    Raises
    ------
    SecretsFormError
        If the file is no TOML, or its accounts are no tables.
    """
    try:
        return tuple(tomllib.loads(content.decode()).get(OURS, {}).get(ACCOUNTS, {}).keys())
    except (ValueError, AttributeError, RecursionError):
        raise SecretsFormError(_FORM) from None


def with_account(content: bytes, name: str, values: Mapping[str, str]) -> bytes:
    """
    Add an account to a file of secrets, or change the one of that name.

    Parameters
    ----------
    content
        The file as it is; empty for a new one.
    name
        The name of the account.
    values
        What is to be told of it: its ``role``, the hash of its ``password``, its
        ``full_name``. What is not named stays.

    Returns
    -------
    bytes
        The file as it is to be: comments, order and all that others keep there stay.

    Raises
    ------
    SecretsFormError
        If the file is no TOML, or has its accounts in another form than tables.
    """

    def change(root: _Tables, new_table: Callable[[], _Tables]) -> None:
        accounts = root.setdefault(OURS, new_table()).setdefault(ACCOUNTS, new_table())
        accounts.setdefault(name, {}).update(values)

    return _changed(content, change)


def without_account(content: bytes, name: str) -> bytes:
    """
    Remove an account from a file of secrets, if it is there; as `with_account`.

    Raises
    ------
    SecretsFormError
        As `with_account`.
    """

    def change(root: _Tables, _new_table: Callable[[], _Tables]) -> None:
        root.get(OURS, {}).get(ACCOUNTS, {}).pop(name, None)

    return _changed(content, change)


def write_secrets(path: Path, content: bytes) -> None:
    """
    Write a file of secrets, whole, for the eyes of its owner.

    Parameters
    ----------
    path
        What is written, replacing an older one, whose owner stays; its folder is made if
        need be.
    content
        All of it.

    Raises
    ------
    OSError
        If it cannot be written, or is a link: what it leads to would stay as it is.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made with mode 0600: nobody else reads it at any moment.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as draft:
        made = Path(draft.name)
        try:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            made.chmod(_MODE)
            with suppress(OSError, AttributeError):
                before = path.stat()
                # The server may be run by somebody else than its administrator.
                os.chown(made, before.st_uid, before.st_gid)
            made.replace(path)
        except OSError:
            made.unlink(missing_ok=True)
            raise


def _changed(content: bytes, change: _Change) -> bytes:
    try:
        text = content.decode()
        expected, document = tomllib.loads(text), tomlkit.parse(text)
        change(expected, dict)
        change(document, lambda: tomlkit.table(is_super_table=True))
        written = tomlkit.dumps(document)
        # Whatever else tomlkit may have made of a form that it was not made for.
        sound = _with_accounts(tomllib.loads(written)) == _with_accounts(expected)
    except (ValueError, TypeError, AttributeError, RecursionError, TOMLKitError):
        sound = False
    if not sound:
        raise SecretsFormError(_FORM)
    return written.encode()


def _with_accounts(root: _Tables) -> _Tables:
    """Leave out tables of ours that are empty: their headings may go with the last account."""
    ours = {key: each for key, each in root.get(OURS, {}).items() if each != {}}
    return {key: each for key, each in root.items() if key != OURS} | {OURS: ours}
