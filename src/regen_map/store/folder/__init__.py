"""A catalogue kept as files in a folder, and its history beside them."""

from regen_map.store.folder.folder import FolderStore, folder_store
from regen_map.store.folder.history import FolderHistory

__all__ = ["FolderHistory", "FolderStore", "folder_store"]
