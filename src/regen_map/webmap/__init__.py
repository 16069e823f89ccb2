"""The base map, the places layer and what both need; knows Folium, not the page around it."""

from regen_map.webmap.answer import answer, hours_not_stated, visible_bits
from regen_map.webmap.base_map import base_map
from regen_map.webmap.colouring import Colouring, colouring
from regen_map.webmap.payload import Payload, catalogue_of_key, payload, payload_of_key
from regen_map.webmap.prepared import prepare

__all__ = [
    "Colouring",
    "Payload",
    "answer",
    "base_map",
    "catalogue_of_key",
    "colouring",
    "hours_not_stated",
    "payload",
    "payload_of_key",
    "prepare",
    "visible_bits",
]
