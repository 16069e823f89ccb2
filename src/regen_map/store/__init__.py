"""Where a catalogue lives: files that are read again when one changes, and their history."""

from regen_map.store.draft import Draft, Quarantined
from regen_map.store.drafting import draft_of, draft_to_restore
from regen_map.store.extent import Extent
from regen_map.store.files import (
    DATA_VARIABLE,
    HISTORY_VARIABLE,
    KEEP_VARIABLE,
    LIMITS_VARIABLE,
    data_folder,
    file_content,
    folder_contents,
    history_folder,
    limits,
    shipped_folder,
    versions_to_keep,
    write_whole,
)
from regen_map.store.folder import FolderHistory, FolderStore, folder_store
from regen_map.store.loaded import Contents, Loaded, NoHistoryError, StoreError, VersionError
from regen_map.store.opening import STORE_VARIABLE, open_store
from regen_map.store.pictures import FolderPictures, StoredPicture, readable_picture
from regen_map.store.proposals import Proposal, ProposalError
from regen_map.store.publishing import publish, publishable, restore
from regen_map.store.rebasing import Overtaken, draft_of_proposal, rebase
from regen_map.store.records import Fault
from regen_map.store.refusals import (
    ProposalsFullError,
    QuarantineError,
    RefusedError,
    UnconfirmedError,
    UnusableError,
)
from regen_map.store.soundness import joined_issues
from regen_map.store.store import Store, Writing
from regen_map.store.unavailable import PASSING, BusyError, Unavailable, UnavailableError
from regen_map.store.versions import Conflict, ContentsError, Flaw, Note, Origin, Version
from regen_map.store.watching import Watcher

__all__ = [
    "DATA_VARIABLE",
    "HISTORY_VARIABLE",
    "KEEP_VARIABLE",
    "LIMITS_VARIABLE",
    "PASSING",
    "STORE_VARIABLE",
    "BusyError",
    "Conflict",
    "Contents",
    "ContentsError",
    "Draft",
    "Extent",
    "Fault",
    "Flaw",
    "FolderHistory",
    "FolderPictures",
    "FolderStore",
    "Loaded",
    "NoHistoryError",
    "Note",
    "Origin",
    "Overtaken",
    "Proposal",
    "ProposalError",
    "ProposalsFullError",
    "QuarantineError",
    "Quarantined",
    "RefusedError",
    "Store",
    "StoreError",
    "StoredPicture",
    "Unavailable",
    "UnavailableError",
    "UnconfirmedError",
    "UnusableError",
    "Version",
    "VersionError",
    "Watcher",
    "Writing",
    "data_folder",
    "draft_of",
    "draft_of_proposal",
    "draft_to_restore",
    "file_content",
    "folder_contents",
    "folder_store",
    "history_folder",
    "joined_issues",
    "limits",
    "open_store",
    "publish",
    "publishable",
    "readable_picture",
    "rebase",
    "restore",
    "shipped_folder",
    "versions_to_keep",
    "write_whole",
]
