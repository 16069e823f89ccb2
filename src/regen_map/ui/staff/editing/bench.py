"""What editing works on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from regen_map.editing import Files
from regen_map.intake import Options
from regen_map.intake.reading import AS_IT_IS
from regen_map.messages import Translator


@dataclass(frozen=True, kw_only=True)
class Bench:
    """
    What editing works on.

    Attributes
    ----------
    words
        The messages of the reader's language.
    files
        All files of the city as they are now, those of the session's work over those of
        the store, by name.
    keep
        Takes new whole contents of files into the session's work, None for a file that
        goes; tells the reader so, and gives False where they could not be taken. Nothing
        becomes public.
    today
        The day that is proposed as the one on which a row was checked.
    options
        How files are read; of it, only the limits count.
    attend
        Called after whatever somebody does here, which no run of the whole page hears of. It
        may run the page.
    """

    words: Translator
    files: Mapping[str, bytes]
    keep: Callable[[Mapping[str, bytes | None]], object]
    today: dt.date
    options: Options = AS_IT_IS
    attend: Callable[[], object] = lambda: None

    @cached_property
    def read(self) -> Files:
        """The files, read."""
        return Files(self.files, self.options.limits)
