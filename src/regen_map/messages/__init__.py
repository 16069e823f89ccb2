"""Every sentence and label in every language; numbers, dates and money in local form."""

from regen_map.languages import LANGUAGES
from regen_map.messages.translator import Translator, best_language, translator

__all__ = ["LANGUAGES", "Translator", "best_language", "translator"]
