"""Small maps as drawings, made of the catalogue alone: where a place lies, how a walk goes."""

from regen_map.web.sketches.place import PlaceSketch, draw_place
from regen_map.web.sketches.route import RouteSketch, draw_route

__all__ = ["PlaceSketch", "RouteSketch", "draw_place", "draw_route"]
