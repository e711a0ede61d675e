"""The shape of single values in a file: what is accepted, and what to do about the rest."""

import re
from datetime import date
from functools import lru_cache

from babel import Locale
from django.utils.translation import gettext as _

# Digits of ours alone: PostgreSQL reads no others.
AMOUNT = re.compile(r"[+-]?\d{1,13}(\.\d{1,4})?", re.ASCII)
CURRENCIES = frozenset(Locale("en").currencies)


@lru_cache(maxsize=10_000)
def day_problem(text: str) -> str:
    """Why `text` is no day, or nothing."""
    if not text:
        return _("a day is needed: write it as 2024-02-29")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return _("is no ISO date: write it as 2024-02-29")
    try:
        year = date.fromisoformat(text).year
    except ValueError:
        return _("is a day that no calendar has")
    return "" if 1900 <= year <= 2200 else _("lies outside the years 1900 to 2200")


def amount_problem(text: str) -> str:
    """Why `text` is no amount, or nothing."""
    if AMOUNT.fullmatch(text):
        return ""
    if not text:
        return _("an amount is needed: write 0 for none")
    if re.fullmatch(r"[+-]?\d{1,13}\.\d{5,}", text):
        return _("has more than four decimals: round it in the source")
    if re.fullmatch(r"[+-]?\d{14,}(\.\d*)?", text):
        return _("is too large: at most 13 digits before the point")
    return _("is no number: write it as 1234.5678, without spaces or thousands")


def currency_problem(text: str) -> str:
    return "" if not text or text in CURRENCIES else _("is no ISO 4217 code, such as EUR")


def whole_number_problem(text: str) -> str:
    fits = not text or (text.isascii() and text.isdigit() and len(text) < 10)
    return "" if fits else _("is no whole number")


def length_problem(text: str, longest: int) -> str:
    if len(text) > longest:
        return _("is longer than %(longest)d characters") % {"longest": longest}
    return _("holds a NUL character") if "\0" in text else ""


def problem(field: str, value: str, message: str) -> dict[str, str]:
    """One reason against a row: the field, what stood there, and the remedy in words."""
    return {"field": field, "value": value, "message": message}
