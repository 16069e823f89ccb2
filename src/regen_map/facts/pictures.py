"""The picture of a place, with whom to thank for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from regen_map.catalogue import Place
from regen_map.facts.links import one_direction
from regen_map.facts.wording import Wording

FOLDER = "images"
"""Below it stand all pictures, by width and then by name of the file."""

WIDTHS = (480, 960)
"""In which pictures are offered, in pixels, the narrowest first."""


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A picture that may be shown.

    Attributes
    ----------
    addresses
        Below the root of the site, by width in pixels.
    alt
        What it shows, in words.
    credit, licence
        Who made it, and under which terms.
    """

    addresses: Mapping[int, str]
    alt: str
    credit: str
    licence: str

    @property
    def smallest(self) -> str:
        """The address of the narrowest."""
        return self.addresses[WIDTHS[0]]

    @property
    def largest(self) -> str:
        """The address of the widest."""
        return self.addresses[WIDTHS[-1]]


def picture_file(place: Place) -> str:
    """Name the file of a place's picture; empty where nobody may be thanked for it."""
    return (place.image or "") if place.image_credit and place.image_licence else ""


def picture_of(wording: Wording, place: Place) -> Picture | None:
    """Give the picture of a place; None without a file, its author or its licence."""
    file = quote(picture_file(place), safe="")
    if not file:
        return None
    return Picture(
        {width: f"{FOLDER}/{width}/{file}" for width in WIDTHS},
        wording.words.text("details.picture", name=one_direction(wording.name(place))),
        place.image_credit or "",
        place.image_licence or "",
    )
