"""``regen-map user``: the accounts of those who publish and edit."""

from __future__ import annotations

import argparse
import getpass
import sys
import warnings
from pathlib import Path

from regen_map.access import (
    LARGEST_BYTES,
    LONGEST_BYTES,
    LONGEST_NAME,
    SHORTEST,
    Role,
    SecretsFormError,
    Unfit,
    UnfitPasswordError,
    account_names,
    accounts_in,
    hash_of,
    is_account_name,
    is_shown_whole,
    secrets_file,
    shown_name,
    with_account,
    without_account,
    write_secrets,
)
from regen_map.cli.arguments import Commands
from regen_map.cli.output import for_people
from regen_map.cli.stopping import UNABLE, StopError
from regen_map.messages import LANGUAGES, Translator, translator
from regen_map.messages.issues import visible
from regen_map.messages.system import system_reason

_DONE, _REFUSED = 0, 1
_SHOWN = 80


def add(commands: Commands) -> None:
    """Describe the command."""
    user = commands.add_parser(
        "user",
        help="accounts of those who publish and edit",
        description="Accounts, with a password, of those who publish and edit in the pages of the"
        " map. They are kept in the file of secrets: .streamlit/secrets.toml of the folder where"
        " the server starts, or the one that REGEN_MAP_SECRETS names. A running server knows of"
        " each change at once. Ends with 0 when done, 1 when it is refused, 2 when the file"
        " cannot be read or written.",
    )
    actions = user.add_subparsers(title="actions", required=True, metavar="action")
    adds = actions.add_parser(
        "add",
        help="make an account",
        description="Make an account. The password is asked for twice, or read as one line from"
        " the standard input where that is no terminal; never given as an argument.",
    )
    adds.add_argument("name", metavar="NAME", help="small letters, digits, dots, hyphens")
    adds.add_argument(
        "--role",
        choices=list(Role),
        required=True,
        help="an editor proposes changes, a publisher publishes them",
    )
    adds.add_argument("--full-name", default="", help="what the history calls them")
    adds.set_defaults(act=_add)
    lists = actions.add_parser("list", help="tell the accounts", description="Tell the accounts.")
    lists.set_defaults(act=_list)
    removes = actions.add_parser(
        "remove", help="take an account away", description="Take an account away."
    )
    removes.add_argument("name", metavar="NAME")
    removes.set_defaults(act=_remove)
    changes = actions.add_parser(
        "password",
        help="change a password",
        description="Change the password of an account; asked for as by add.",
    )
    changes.add_argument("name", metavar="NAME")
    changes.set_defaults(act=_password)
    for action in (adds, lists, removes, changes):
        action.add_argument(
            "--lang", choices=LANGUAGES, default=LANGUAGES[0], help="default %(default)s"
        )
        action.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
    user.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    for_people()
    words, path = translator(given.lang), secrets_file()
    try:
        status: int = given.act(given, words, path)
    except StopError as error:
        print(error, file=sys.stderr)
        return error.status
    except SecretsFormError:
        print(words.text("access.user.form", file=path), file=sys.stderr)
        return UNABLE
    except OSError as error:
        key = "access.user.link" if path.is_symlink() else "access.user.unwritable"
        print(words.text(key, file=path, reason=system_reason(error, words)), file=sys.stderr)
        return UNABLE
    return status


def _add(given: argparse.Namespace, words: Translator, path: Path) -> int:
    name, role = given.name, Role(given.role)
    if not is_account_name(name):
        shown = visible(name, _SHOWN)
        raise StopError(words.text("access.user.bad_name", name=shown), _REFUSED)
    if name in account_names(_content(words, path)):
        raise StopError(words.text("access.user.there", name=name), _REFUSED)
    if not is_shown_whole(given.full_name):
        shown = visible(given.full_name, _SHOWN)
        told_why = words.text("access.user.bad_full_name", name=shown, longest=LONGEST_NAME)
        raise StopError(told_why, _REFUSED)
    told = {"role": role.value, "password": _new_hash(name, words)}
    if full_name := shown_name(given.full_name, ""):
        told["full_name"] = full_name
    write_secrets(path, with_account(_content(words, path), name, told))
    called = words.text(f"access.role.{role}")
    print(words.text("access.user.added", name=name, role=called, file=path))
    return _DONE


def _password(given: argparse.Namespace, words: Translator, path: Path) -> int:
    name = _known(given.name, words, path)
    told = {"password": _new_hash(name, words)}
    write_secrets(path, with_account(_content(words, path), given.name, told))
    print(words.text("access.user.changed", name=name, file=path))
    return _DONE


def _remove(given: argparse.Namespace, words: Translator, path: Path) -> int:
    name = _known(given.name, words, path)
    write_secrets(path, without_account(_content(words, path), given.name))
    print(words.text("access.user.removed", name=name, file=path))
    return _DONE


def _list(_given: argparse.Namespace, words: Translator, path: Path) -> int:
    accounts = accounts_in(_content(words, path))
    for account in accounts.by_name.values():
        key = "access.user.called" if account.full_name else "access.user.entry"
        role = words.text(f"access.role.{account.role}")
        print(words.text(key, name=account.name, full_name=account.full_name, role=role))
    for address, held in accounts.by_address.items():
        role = words.text(f"access.role.{held}")
        print(words.text("access.user.address", address=address, role=role))
    if not accounts.by_name and not accounts.by_address:
        print(words.text("access.user.none", file=path))
    sys.stdout.flush()
    for fault, subject in accounts.faults:
        shown = visible(subject, _SHOWN)
        print(words.text(f"access.fault.{fault}", subject=shown, file=path), file=sys.stderr)
    if accounts.by_address and not accounts.organisation:
        print(words.text("access.user.no_streamlit"), file=sys.stderr)
        return _REFUSED
    return _REFUSED if accounts.faults else _DONE


def _known(name: str, words: Translator, path: Path) -> str:
    """See that there is an account of a name, and give the name as it can be shown."""
    shown = visible(name, _SHOWN)
    if name not in account_names(_content(words, path)):
        raise StopError(words.text("access.user.not_there", name=shown), _REFUSED)
    return shown


def _content(words: Translator, path: Path) -> bytes:
    try:
        if path.stat().st_size <= LARGEST_BYTES and path.is_file():
            return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError:
        pass
    raise StopError(words.text("access.user.unreadable", file=path))


def _new_hash(name: str, words: Translator) -> str:
    try:
        return hash_of(_typed(name, words))
    except UnfitPasswordError as error:
        told = words.text(f"access.user.{error.reason}", shortest=SHORTEST, longest=LONGEST_BYTES)
        raise StopError(told, _REFUSED) from None


def _typed(name: str, words: Translator) -> str:
    """Ask for a password twice; from who is no terminal take one line."""
    if not sys.stdin.isatty():
        line = sys.stdin.buffer.readline(2 * LONGEST_BYTES)
        try:
            return line.decode().rstrip("\r\n")
        except UnicodeDecodeError:
            raise UnfitPasswordError(Unfit.NO_TEXT) from None
    try:
        with warnings.catch_warnings():
            # A terminal that cannot keep from showing it is none for passwords.
            warnings.simplefilter("error", getpass.GetPassWarning)
            asked = words.text("access.user.ask", name=visible(name, _SHOWN), shortest=SHORTEST)
            first = getpass.getpass(asked)
            second = getpass.getpass(words.text("access.user.again"))
    except (EOFError, UnicodeDecodeError, getpass.GetPassWarning):
        raise UnfitPasswordError(Unfit.NO_TEXT) from None
    if first != second:
        raise StopError(words.text("access.user.different"), _REFUSED)
    return first
