"""Letters that a visitor need only send: asking for a visit, telling what is wrong."""

from __future__ import annotations

from typing import NamedTuple

from regen_map.catalogue import Place
from regen_map.facts.links import is_email, letter_link, one_direction
from regen_map.facts.wording import Wording


class Letter(NamedTuple):
    """
    A letter already begun.

    Attributes
    ----------
    address
        ``mailto:`` with subject and body.
    has_recipient
        Whether it is known who receives it.
    """

    address: str
    has_recipient: bool


def visit_letter(wording: Wording, place: Place, email: str) -> str:
    """Begin a letter that asks for a visit; the place receives visitors by arrangement."""
    words, name = wording.words, one_direction(wording.name(place))
    visit = getattr(place, "visit", None)
    return letter_link(
        email,
        words.text("opening.subject", name=name),
        words.text(f"opening.body.{visit}", name=name),
    )


def report_letter(wording: Wording, *, key: str, name: str, address: str) -> Letter:
    """
    Begin a letter about what is wrong.

    Parameters
    ----------
    wording
        Whose city it goes to.
    key, name
        Of the entry that is wrong.
    address
        Of the page on which it is.
    """
    words, catalogue = wording.words, wording.catalogue
    contact = catalogue.city.contact
    link = letter_link(
        contact,
        words.text("details.report_subject", name=one_direction(name), id=key),
        words.text("details.report_body", id=key, version=catalogue.version, address=address),
    )
    return Letter(link, is_email(contact))
