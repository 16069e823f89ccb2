"""Serve one compared page and the browser libraries from one Streamlit process."""

import os

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

app = st.App(
    os.environ["BENCHMARK_PAGE"],
    routes=[Mount("/libraries", StaticFiles(directory=os.environ["BENCHMARK_LIBRARIES"]))],
)
