"""The map as one server: ``streamlit run app.py``, ``make run`` or ``regen-map serve``."""

from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.file_util import get_static_dir

import regen_map
from regen_map.access import entrance, secrets_file
from regen_map.store import Watcher, open_store
from regen_map.web import Site
from regen_map.webmap import prepare

store = open_store()
store.prepare = prepare

site = Site(
    catalogue=lambda: store.load().catalogue,
    streamlit_files=Path(get_static_dir()),
    base_path=st.get_option("server.baseUrlPath") or "",
    image=store.image,
    kept=store,
    entrance=entrance(secrets_file()),
    watching=partial(Watcher, store),
)

app = st.App(
    Path(regen_map.__file__).parent / "ui" / "navigation.py",
    routes=site.routes,
    middleware=site.middleware,
    lifespan=site.lifespan,
)
