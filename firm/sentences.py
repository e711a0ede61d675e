"""Sentences whose facts are stored plain and put into words when somebody reads them."""

from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext, to_locale


def sentence(text: str, facts: dict[str, Any]) -> str:
    """`text`, an English message, with `facts`, in the active language.

    Numbers are grouped and days spelled as the language does; words of the method that are
    among the facts are translated too.
    """
    locale = to_locale(get_language() or "en")
    return gettext(text) % {name: told(value, locale) for name, value in facts.items()}


def told(value: Any, locale: str) -> str:
    if isinstance(value, int | float):
        whole = abs(value) >= 1000
        return format_decimal(round(value) if whole else value, locale=locale)
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return format_date(date.fromisoformat(value), "d MMM y", locale=locale)
    return WORDS[value]() if value in WORDS else "" if value is None else str(value)


WORDS = {
    "income": lambda: gettext("gross margin"),
    "turnover": lambda: gettext("revenue"),
}
