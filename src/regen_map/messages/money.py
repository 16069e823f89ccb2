"""From the sums of a project's money to a line that says what they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Protocol

from regen_map.messages.translator import Translator


class Sums(Protocol):
    """The money of a project, as `regen_map.query.Money` is one."""

    @property
    def by_nature(self) -> Mapping[str, Decimal]:
        """Sums in euro by nature."""

    @property
    def n_unknown(self) -> int:
        """How many counted lines have no known amount."""

    @property
    def contradicted(self) -> bool:
        """Whether other figures exist that are not part of the sums."""

    @property
    def known(self) -> bool:
        """Whether there is any known amount."""


def money_in_words(money: Sums, nature: Callable[[str], str], words: Translator) -> str:
    """
    Sum up the money of a project, natures apart, unknown amounts counted.

    Parameters
    ----------
    money
        The sums.
    nature
        Names a nature in the language of the messages.
    words
        The messages.
    """
    if not money.known and money.contradicted:
        return words.text("details.no_sum")
    parts = [f"{nature(each)}: {words.money(amount)}" for each, amount in money.by_nature.items()]
    if money.n_unknown:
        parts.append(words.count("details.amounts_unknown", money.n_unknown))
    if money.contradicted:
        parts.append(words.text("details.contradicted"))
    return " · ".join(parts) if parts else words.text("details.no_money")
