"""What a planner asks for as the query of a link, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from urllib.parse import unquote

from regen_map.catalogue import Catalogue
from regen_map.gazetteer import gazetteer_of
from regen_map.query.area import Area, Around, Polygon
from regen_map.query.portfolio import PROJECT_FACETS, ProjectCriteria, lasting_options

_PREFIX = "p."
_SEPARATOR, _CORNERS = ",", ";"
_MOST_TEXT = 200
_MOST_AREA = 6_000
_MOST_MONTHS = 600
_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,2})?")
_YEARS = re.compile(r"([0-9]{4})-([0-9]{4})")
_WHOLE = re.compile(r"[0-9]{1,4}")
_CORNER = re.compile(r"(-?[0-9]{1,3}(?:\.[0-9]{1,15})?),(-?[0-9]{1,2}(?:\.[0-9]{1,15})?)")
_DECIMALS = 5
"""Of a degree: about a metre."""


def project_criteria_from_params(
    params: Mapping[str, str], catalogue: Catalogue
) -> ProjectCriteria:
    """
    Read what a planner asks for from a link.

    Parameters
    ----------
    params
        Names and values as in the address; anybody may have written them. Those that do
        not begin with ``p.`` belong to others.
    catalogue
        Options, places and streets that it does not have are left out.

    Returns
    -------
    ProjectCriteria
        What cannot be read is not asked for.
    """
    given = {
        name.removeprefix(_PREFIX): text
        for name, text in params.items()
        if name.startswith(_PREFIX)
    }
    chosen = {
        facet: _terms(given[facet], terms)
        for facet, terms in lasting_options(catalogue).items()
        if facet in given
    }
    return ProjectCriteria(
        text=_words(given.get("q", "")),
        chosen=MappingProxyType({facet: terms for facet, terms in chosen.items() if terms}),
        amount_eur=_amounts(given.get("min", ""), given.get("max", "")),
        start_years=_years(given.get("start", "")),
        end_years=_years(given.get("end", "")),
        late_months=_months(given.get("late", "")),
        uses=_words(given.get("uses", "")),
        area=_area(given, catalogue),
    )


def project_criteria_to_params(criteria: ProjectCriteria) -> dict[str, str]:
    """
    Write what a planner asks for as the query of a link.

    Returns
    -------
    dict of str to str
        Short, in a fixed order, without empty parts, every name beginning with ``p.``:
        options of a facet as ``p.phase=works,testing``, where a comma of an owner's name
        is written ``%2C``; an area as ``p.area=10.09,44.07;10.1,44.07;10.1,44.08``, lon,
        lat in degrees WGS84 rounded to 5 decimals, or as ``p.near=palazzo-rosso`` with
        ``p.within=300``, in metres.
    """
    least, most = criteria.amount_eur
    params = {
        "q": criteria.text,
        "uses": criteria.uses,
        **{
            facet: _SEPARATOR.join(_escaped(term) for term in criteria.chosen[facet])
            for facet in PROJECT_FACETS
            if facet in criteria.chosen
        },
        "min": "" if least is None else _plain(least),
        "max": "" if most is None else _plain(most),
        "start": "-".join(f"{year:04}" for year in criteria.start_years or ()),
        "end": "-".join(f"{year:04}" for year in criteria.end_years or ()),
        "late": str(criteria.late_months or ""),
        **_area_params(criteria.area),
    }
    return {_PREFIX + name: text for name, text in params.items() if text}


def _words(text: str) -> str:
    return text[:_MOST_TEXT].strip()


def _terms(text: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    asked = {unquote(term) for term in text.split(_SEPARATOR)}
    return tuple(term for term in offered if term in asked)


def _escaped(term: str) -> str:
    return term.replace("%", "%25").replace(_SEPARATOR, "%2C")


def _amounts(least: str, most: str) -> tuple[Decimal | None, Decimal | None]:
    low, high = _amount(least), _amount(most)
    return (None, None) if low is not None and high is not None and low > high else (low, high)


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if _AMOUNT.fullmatch(text) else None


def _plain(amount: Decimal) -> str:
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _years(text: str) -> tuple[int, int] | None:
    found = _YEARS.fullmatch(text)
    if found is None:
        return None
    first, last = int(found[1]), int(found[2])
    return (first, last) if first <= last else None


def _months(text: str) -> int | None:
    months = int(text) if _WHOLE.fullmatch(text) else 0
    return months if 1 <= months <= _MOST_MONTHS else None


def _area(given: Mapping[str, str], catalogue: Catalogue) -> Area | None:
    if corners := given.get("area", "")[:_MOST_AREA]:
        return _polygon(corners)
    name, within = _words(given.get("near", "")), given.get("within", "")
    if not name or not _WHOLE.fullmatch(within):
        return None
    try:
        if catalogue.place(name) is not None:
            return Around(place_id=name, metres=int(within))
        found = gazetteer_of(catalogue).locate(name)
        return Around(street=name, metres=int(within)) if found else None
    except ValueError:
        return None


def _polygon(text: str) -> Polygon | None:
    found = [_CORNER.fullmatch(corner) for corner in text.split(_CORNERS)]
    corners = [each for each in found if each is not None]
    if len(corners) < len(found):
        return None
    ring = ((_degrees(each[1]), _degrees(each[2])) for each in corners)
    try:
        return Polygon(tuple(ring))
    except ValueError:
        return None


def _degrees(text: str) -> float:
    return round(float(text), _DECIMALS)


def _area_params(area: Area | None) -> dict[str, str]:
    if isinstance(area, Polygon):
        corners = (f"{_short(lon)},{_short(lat)}" for lon, lat in area.ring)
        return {"area": _CORNERS.join(corners)}
    if area is None:
        return {}
    return {"near": area.place_id or area.street, "within": str(area.metres)}


def _short(degrees: float) -> str:
    # Adding zero takes the sign from a zero.
    return _plain(Decimal(f"{round(degrees, _DECIMALS) + 0.0:.{_DECIMALS}f}"))
