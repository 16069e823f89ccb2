"""From templates to HTML in which every value is escaped."""

from __future__ import annotations

import importlib.resources

import jinja2

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FunctionLoader(
        lambda name: (importlib.resources.files(__package__) / "templates" / name).read_text(
            "utf-8"
        )
    ),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def written(template: str, **values: object) -> str:
    """
    Fill a template of ``ui/templates``.

    Returns
    -------
    str
        HTML in which every value is escaped.
    """
    return _TEMPLATES.get_template(template).render(values)
