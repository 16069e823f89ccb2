"""The ASGI side: files and data of the map, health, headers, Streamlit's shell."""

from regen_map.web.site import Site

__all__ = ["Site"]
