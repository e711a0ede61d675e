"""Sentences whose facts are stored plain and put into words when somebody reads them."""

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
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return full_day(value)
    return WORDS[value]() if value in WORDS else "" if value is None else str(value)


WORDS = {
    "income": lambda: gettext("gross margin"),
    "turnover": lambda: gettext("revenue"),
}
