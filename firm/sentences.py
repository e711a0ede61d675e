"""Sentences whose facts are stored plain and put into words when somebody reads them."""

from datetime import date
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext

from firm.templatetags.figures import exact, full_day, locale


def sentence(text: str, facts: dict[str, Any]) -> str:
    """`text`, an English message, with `facts`, in the active language.

    Numbers are grouped and days spelled as the language does; words of the method that are
    among the facts are translated too. {"amount": "1234.50"} is written to its last digit.
    """
    return gettext(text) % {name: told(value) for name, value in facts.items()}


def told(value: Any) -> str:
    if isinstance(value, dict):
        return exact(value["amount"])
    if isinstance(value, int | float):
        whole = abs(value) >= 1000
        return format_decimal(round(value) if whole else value, locale=locale())
    if isinstance(value, str) and is_day(value):
        return full_day(value)
    return WORDS[value]() if value in WORDS else "" if value is None else str(value)


def is_day(text: str) -> bool:
    """Whether `text` is a day; the name of a file or a source may look like one."""
    if len(text) != len("2024-02-29") or not text[4] == text[7] == "-":
        return False
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


WORDS = {
    "income": lambda: gettext("gross margin"),
    "turnover": lambda: gettext("revenue"),
}
