"""Which store a server or a command works on."""

from __future__ import annotations

import os

from regen_map.store.files import data_folder
from regen_map.store.folder import folder_store
from regen_map.store.store import Store

STORE_VARIABLE = "REGEN_MAP_STORE"
"""The environment variable that names a database instead of a folder."""


def open_store() -> Store:
    """
    Give the store of the city: the database that ``REGEN_MAP_STORE`` names, or a folder.

    Returns
    -------
    Store
        One and the same for all who ask. Nothing is read yet, and no server is asked.

    Raises
    ------
    UnavailableError
        If the variable holds anything but the address of a PostgreSQL database.
    """
    address = os.environ.get(STORE_VARIABLE, "").strip()
    if not address:
        return folder_store(data_folder())
    # Nobody who keeps a folder waits for what only a database needs.
    from regen_map.store.postgres import postgres_store  # noqa: PLC0415

    return postgres_store(address)
