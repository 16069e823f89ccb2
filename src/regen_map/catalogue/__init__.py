"""Vocabularies, records and tables; one validated state of a city's data."""

from regen_map.catalogue.catalogue import Catalogue
from regen_map.catalogue.city import City, TileSource
from regen_map.catalogue.dates import PartialDate
from regen_map.catalogue.derived import derived
from regen_map.catalogue.schema import (
    PLACE_TABLES,
    TABLES,
    Attraction,
    Cell,
    Column,
    CreativeCity,
    Event,
    Funding,
    HouseNumber,
    Itinerary,
    Milestone,
    Place,
    Programme,
    Project,
    PublicSpace,
    Record,
    Stop,
    Street,
    Table,
    Workshop,
)
from regen_map.catalogue.tables import CRS, records, to_frame
from regen_map.catalogue.vocabulary import (
    Family,
    Phase,
    Term,
    Vocabularies,
    closed_terms,
    read_terms,
)

__all__ = [
    "CRS",
    "PLACE_TABLES",
    "TABLES",
    "Attraction",
    "Catalogue",
    "Cell",
    "City",
    "Column",
    "CreativeCity",
    "Event",
    "Family",
    "Funding",
    "HouseNumber",
    "Itinerary",
    "Milestone",
    "PartialDate",
    "Phase",
    "Place",
    "Programme",
    "Project",
    "PublicSpace",
    "Record",
    "Stop",
    "Street",
    "Table",
    "Term",
    "TileSource",
    "Vocabularies",
    "Workshop",
    "closed_terms",
    "derived",
    "read_terms",
    "records",
    "to_frame",
]
