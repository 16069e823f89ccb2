"""The base map, the places layer and what both need; knows Folium, not the page around it."""

from regen_map.webmap.base_map import base_map
from regen_map.webmap.facets import facet_labels
from regen_map.webmap.payload import Payload, payload, payload_of_key, visible_bits

__all__ = ["Payload", "base_map", "facet_labels", "payload", "payload_of_key", "visible_bits"]
