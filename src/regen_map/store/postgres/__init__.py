"""A catalogue kept in PostgreSQL with PostGIS; loaded only where an address asks for it."""

from regen_map.store.postgres.copying import DamagedError, export_folder, import_folder
from regen_map.store.postgres.database import PostgresStore, migrate, postgres_store

__all__ = [
    "DamagedError",
    "PostgresStore",
    "export_folder",
    "import_folder",
    "migrate",
    "postgres_store",
]
