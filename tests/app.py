"""The app without a browser: Streamlit's own test harness, taught our components."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from justhtml import JustHTML
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX
from streamlit.testing.v1 import AppTest

import regen_map
from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.ui.pages import page_script

OpenApp: TypeAlias = Callable[..., AppTest]

# AppTest gives its stand-in for the runtime a real registry of components, which finds ours
# through the installed package, so the pages run as they are. It knows none of the components:
# `get` gives their messages as they would travel to the browser.
SCRIPT = Path(regen_map.__file__).parent / "ui" / "navigation.py"


def started(page: str, **params: str) -> AppTest:
    """Open a page by a link with these parameters."""
    app = AppTest.from_file(SCRIPT, default_timeout=60)
    app.query_params.update(params)
    return run(app) if page == "explore" else turn_to(run(app), page)


def run(app: AppTest) -> AppTest:
    """Run the page, which must not fail."""
    app.run()
    assert [each.value for each in app.exception] == []
    return app


def turn_to(app: AppTest, page: str) -> AppTest:
    """Go to another page."""
    app.switch_page(str(page_script(page)))
    return run(app)


def speak(app: AppTest, language: str) -> AppTest:
    """Change the language."""
    app.segmented_control(key="language").set_value(language)
    return run(app)


def message(app: AppTest, kind: str) -> Any:
    """Give what the page sends to its one component of a kind."""
    (element,) = app.get(kind)
    return element.proto


def told(app: AppTest) -> dict[str, Any]:
    """Give what our component beside the map is told."""
    data: dict[str, Any] = json.loads(message(app, "bidi_component").json)
    return data


def map_message(app: AppTest) -> tuple[str, str]:
    """Give identity and content of the map."""
    sent = message(app, "component_instance")
    return sent.id, sent.json_args


def visible(app: AppTest, town: Catalogue) -> list[str]:
    """Decode which entries the browser is told to show."""
    listed, bits = query.entries(town), told(app)["b"]
    if not bits:
        return [entry.key for entry in listed]
    packed = np.frombuffer(base64.b64decode(bits), dtype=np.uint8)
    mask = np.unpackbits(packed, count=len(listed), bitorder="little")
    return [entry.key for entry, shown in zip(listed, mask, strict=True) if shown]


def act(app: AppTest, event: str, value: object) -> AppTest:
    """Let our component tell what a visitor did, in the words of its browser side."""
    states = app._tree.get_widget_states()  # noqa: SLF001 -- AppTest cannot touch a component
    acted = json.dumps([{"event": event, "value": value}])
    name = f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{message(app, 'bidi_component').id}__events"
    states.widgets.add(id=name, json_trigger_value=acted)
    app._run(states)  # noqa: SLF001
    assert [each.value for each in app.exception] == []
    return app


def ask(app: AppTest, **wanted: object) -> AppTest:
    """Let our component ask for a view."""
    return act(app, "view", wanted)


def panel(app: AppTest) -> JustHTML:
    """Read the panel's text, which must be HTML as the standard has it."""
    return JustHTML(told(app)["d"], fragment=True, strict=True, sanitize=False)


def texts(app: AppTest, selector: str) -> list[str]:
    """Give the texts of parts of the panel."""
    return [each.to_text() for each in panel(app).query(selector)]


def attributes(app: AppTest, selector: str, name: str) -> list[str]:
    """Give an attribute of parts of the panel."""
    return [(each.attrs or {})[name] or "" for each in panel(app).query(selector)]
