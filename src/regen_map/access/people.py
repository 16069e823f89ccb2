"""Who works on the data, and what as."""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass

LONGEST_NAME = 100
"""How many characters of a name are shown."""


class Role(enum.StrEnum):
    """What somebody is on the staff: a publisher may all that an editor may."""

    EDITOR = "editor"
    PUBLISHER = "publisher"

    def includes(self, needed: Role) -> bool:
        """Tell whether who has this role may what needs another."""
        return self in (needed, Role.PUBLISHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """
    Somebody of the staff, as the accounts say at one moment.

    Attributes
    ----------
    name
        What people call them, a text that can be shown.
    role
        What they are.
    key
        What tells them from everybody else: the name of their account, or their e-mail
        address. No account has a name that is an address.
    """

    name: str
    role: Role
    key: str

    @property
    def author(self) -> str:
        """What the history says of them: the name, and the key, which nobody can choose."""
        return self.key if self.name == self.key else f"{self.name} <{self.key}>"

    def is_author(self, author: str) -> bool:
        """Tell whether an `author` is this person, whatever they were called then."""
        return author == self.key or author.endswith(f" <{self.key}>")


def shown_name(text: object, otherwise: str) -> str:
    """
    Make a name that can be shown, and that cannot pass for name and key of somebody else.

    Parameters
    ----------
    text
        What somebody wrote: anything.
    otherwise
        What is shown where no name is left of it.
    """
    if not isinstance(text, str):
        return otherwise
    kept = (each for each in text if each.isspace() or unicodedata.category(each)[0] != "C")
    name = " ".join("".join(kept).replace("<", "").replace(">", "").split())
    return name[:LONGEST_NAME].strip() or otherwise


def is_shown_whole(text: str) -> bool:
    """Tell whether `shown_name` loses nothing of a name but spaces beside spaces."""
    hidden = any(unicodedata.category(each)[0] == "C" for each in text)
    return not hidden and shown_name(text, "") == " ".join(text.split())
