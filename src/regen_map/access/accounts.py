"""The accounts of the staff, as the file of secrets has them."""

from __future__ import annotations

import enum
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from regen_map.access.passwords import SHORTEST, is_hash
from regen_map.access.people import Person, Role, shown_name

OURS, ACCOUNTS, ORGANISATION = "regen_map", "accounts", "oidc"
"""The tables ``[regen_map.accounts.<name>]`` and ``[regen_map.oidc]``."""
STREAMLITS = "auth"
"""The table in which Streamlit finds an organisation's sign-in."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
_ADDRESS = re.compile(r"[a-zA-Z\d.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-zA-Z\d.-]{1,190}", re.ASCII)
"""As browsers have it. Another alphabet is another mailbox, which may look or fold the same."""


class Fault(enum.StrEnum):
    """What may be wrong with a file of secrets."""

    FILE = "file"
    """It cannot be read, or is no TOML."""
    TABLE = "table"
    """What should be a table is none."""
    NAME = "name"
    """No account can have that name."""
    ROLE = "role"
    """An account has a role that there is not."""
    PASSWORD = "password"  # noqa: S105 - the name of a fault
    """The password of an account is no hash that is trusted."""
    LIST = "list"
    """What should be a list of addresses is none."""
    ADDRESS = "address"
    """An entry in a list is no e-mail address in ASCII."""
    COOKIE_SECRET = "cookie_secret"  # noqa: S105 - the name of a fault
    """What an organisation's sign-in is signed with can be guessed."""


class AccountsFault(NamedTuple):
    """
    Something that keeps somebody out.

    Attributes
    ----------
    fault
        What it is.
    subject
        What it concerns: the name of an account, of a table or of a list; never a secret.
    """

    fault: Fault
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """
    An account with a password.

    Attributes
    ----------
    name
        What is typed to sign in.
    role
        What it may.
    password
        The Argon2id hash of the password.
    full_name
        What the person is called; may be empty.
    """

    name: str
    role: Role
    password: str = field(repr=False)
    full_name: str = ""

    @property
    def person(self) -> Person:
        """Whose account it is."""
        return Person(name=self.full_name or self.name, role=self.role, key=self.name)

    @property
    def proof(self) -> bytes:
        """What changes with the password, and does not tell it."""
        return hashlib.sha256(self.password.encode()).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """
    Who may sign in, at one moment.

    Attributes
    ----------
    by_name
        The accounts with a password.
    by_address
        The role of each e-mail address that an organisation's sign-in may bring.
    organisation
        Whether Streamlit is told of such a sign-in, and signs it with what nobody guesses.
    faults
        What keeps others out.
    """

    by_name: Mapping[str, Account] = field(default_factory=dict)
    by_address: Mapping[str, Role] = field(default_factory=dict)
    organisation: bool = False
    faults: tuple[AccountsFault, ...] = ()

    @property
    def with_password(self) -> bool:
        """Whether anybody can sign in with a password."""
        return bool(self.by_name)

    @property
    def with_organisation(self) -> bool:
        """Whether anybody can sign in with an organisation's account."""
        return self.organisation and bool(self.by_address)


def is_account_name(text: str) -> bool:
    """Tell whether an account may have a name: small letters, digits, ``.``, ``_`` and ``-``."""
    return _NAME.fullmatch(text) is not None


def ascii_address(text: object) -> str | None:
    """Give an e-mail address in small letters; None for what is none, or not in ASCII."""
    if not isinstance(text, str):
        return None
    # After the test that it is ASCII: folding turns other letters into ASCII ones.
    found = text.strip()
    return found.casefold() if _ADDRESS.fullmatch(found) else None


def accounts_in(content: bytes) -> Accounts:
    """
    Read a file of secrets, whoever wrote it.

    Parameters
    ----------
    content
        TOML in UTF-8, with whatever else other programs keep there.

    Returns
    -------
    Accounts
        Those that are sound, and why others are not. Whoever is named twice has the
        higher role.
    """
    try:
        found = tomllib.loads(content.decode())
    except (ValueError, RecursionError):
        return Accounts(faults=(AccountsFault(Fault.FILE, ""),))
    faults: list[AccountsFault] = []
    ours = _table(found, OURS, OURS, faults)
    organisation = _table(ours, ORGANISATION, f"{OURS}.{ORGANISATION}", faults)
    named = _table(ours, ACCOUNTS, f"{OURS}.{ACCOUNTS}", faults)
    return Accounts(
        by_name=MappingProxyType({each.name: each for each in _accounts(named, faults)}),
        by_address=MappingProxyType(
            dict.fromkeys(_addresses(organisation, "editors", faults), Role.EDITOR)
            | dict.fromkeys(_addresses(organisation, "publishers", faults), Role.PUBLISHER)
        ),
        organisation=_is_sound(found.get(STREAMLITS), faults),
        faults=tuple(faults),
    )


def _is_sound(streamlits: Any, faults: list[AccountsFault]) -> bool:
    """
    See that there is a sign-in, and that nobody can make its cookie by themselves.

    Streamlit believes whatever is signed with a ``cookie_secret``, an empty one too; without
    any it makes one that nobody knows.
    """
    if not isinstance(streamlits, dict):
        return False
    secret = streamlits.get("cookie_secret")
    if secret is None or (isinstance(secret, str) and len(secret) >= SHORTEST):
        return True
    faults.append(AccountsFault(Fault.COOKIE_SECRET, "cookie_secret"))
    return False


def _table(
    parent: Mapping[str, Any], key: str, name: str, faults: list[AccountsFault]
) -> Mapping[str, Any]:
    found = parent.get(key, {})
    if isinstance(found, dict):
        return found
    faults.append(AccountsFault(Fault.TABLE, name))
    return {}


def _accounts(named: Mapping[str, Any], faults: list[AccountsFault]) -> Iterator[Account]:
    for name, told in named.items():
        fault = _fault(name, told)
        if fault is not None:
            faults.append(AccountsFault(fault, name))
            continue
        yield Account(
            name=name,
            role=Role(told["role"]),
            password=told["password"],
            full_name=shown_name(told.get("full_name"), ""),
        )


def _fault(name: str, told: Any) -> Fault | None:
    if not is_account_name(name):
        return Fault.NAME
    if not isinstance(told, dict):
        return Fault.TABLE
    if told.get("role") not in list(Role):
        return Fault.ROLE
    password = told.get("password")
    return None if isinstance(password, str) and is_hash(password) else Fault.PASSWORD


def _addresses(
    organisation: Mapping[str, Any], key: str, faults: list[AccountsFault]
) -> Iterator[str]:
    listed = organisation.get(key, [])
    if not isinstance(listed, list):
        faults.append(AccountsFault(Fault.LIST, key))
        return
    for each in listed:
        found = ascii_address(each)
        if found is None:
            faults.append(AccountsFault(Fault.ADDRESS, key))
        else:
            yield found
