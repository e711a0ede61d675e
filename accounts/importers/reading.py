"""How a file is to be read, where it is not in the form of the commands."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

ENCODINGS = (
    "utf-8-sig",
    "utf-16",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "iso-8859-2",
    "iso-8859-15",
    "koi8-r",
    "cp866",
    "gb18030",
    "big5",
    "shift_jis",
)
SEPARATORS = (",", ";", "\t", "|")
DECIMALS = (".", ",")
DATES = ("ymd", "dmy", "mdy")
CHOICES = {
    "encoding": ENCODINGS,
    "separator": ("", *SEPARATORS),
    "decimal": ("", *DECIMALS),
    "dates": ("", *DATES),
}

Turn = Callable[[str], str]


@dataclass(frozen=True)
class Reading:
    """The form of a file. The defaults are that of the commands: UTF-8, `1234.5678`, ISO days,
    and columns by our names.

    `columns` maps ours to the file's; where it is given, no other column is read.
    """

    encoding: str = "utf-8-sig"
    separator: str = ""
    decimal: str = ""
    dates: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    currency: str = ""
    whole_documents: bool = False

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Reading":
        """A reading from JSON. Raises ValueError where it says what no reading can."""
        known = {each.name for each in fields(cls)}
        if unknown := set(stored) - known:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        for name, choices in CHOICES.items():
            if name in stored and stored[name] not in choices:
                raise ValueError(f"{name}: {stored[name]}")
        return cls(**stored)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def turns(self, kinds: dict[str, str]) -> dict[str, Turn]:
        """What brings the values of a column into the engine's form, by its name.

        `kinds` says which columns are amounts, whole numbers and days.
        """
        found: dict[str, Turn] = {}
        for name, kind in kinds.items():
            if kind == "day" and self.dates:
                found[name] = DAY_TURNS[self.dates]
            elif kind in ("amount", "whole") and self.decimal:
                found[name] = AMOUNT_TURNS[self.decimal]
        return found


# Groups of three, parted by one and the same mark; then the decimals.
PARTED = r"(\d+|\d{1,3}(?:([%s\s\u00a0\u202f'\u2019_])\d{3})(?:\2\d{3})*)(?:%s(\d+))?"
AMOUNT_FORMS = {
    ".": re.compile(PARTED % (",", r"\."), re.ASCII),
    ",": re.compile(PARTED % (".", ","), re.ASCII),
}
SIGNS = {"-": "-", "−": "-", "–": "-", "+": ""}
CURRENCY_SIGNS = "€$£¥₽"


def turn_amount(decimal: str) -> Turn:
    form = AMOUNT_FORMS[decimal]

    def turn(text: str) -> str:
        if not text:
            return text
        sign, rest = signed(text.strip(CURRENCY_SIGNS).strip())
        found = form.fullmatch(rest.strip(CURRENCY_SIGNS).strip())
        if found is None:
            raise ValueError(
                _("is no number as chosen: with a decimal comma it is written as 1.234,56")
                if decimal == ","
                else _("is no number as chosen: with a decimal point it is written as 1,234.56")
            )
        whole = re.sub(r"\D", "", found[1])
        return f"{sign}{whole}.{found[3]}" if found[3] else f"{sign}{whole}"

    return turn


def signed(text: str) -> tuple[str, str]:
    """The sign of an amount, which may stand behind it or be brackets, and the rest."""
    if text[:1] == "(" and text[-1:] == ")":
        return "-", text[1:-1].strip()
    if text[:1] in SIGNS:
        return SIGNS[text[0]], text[1:].strip()
    if text[-1:] in SIGNS:
        return SIGNS[text[-1]], text[:-1].strip()
    return "", text


DAY = re.compile(r"(\d{1,4})([-./ ])(\d{1,2})\2(\d{1,4})", re.ASCII)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2}|[AaPp][Mm])?$")


def turn_day(order: str) -> Turn:
    @lru_cache(maxsize=10_000)
    def turn(text: str) -> str:
        if not text:
            return text
        bare = TIME.sub("", text).rstrip(".")
        found = DAY.fullmatch(bare)
        if found:
            parts = found[1], found[3], found[4]
        elif found := COMPACT.fullmatch(bare):
            return "-".join(found.groups())
        else:
            raise ValueError(misread(order))
        # A year in front leaves nothing open, whatever was chosen.
        told = dict(zip("ymd" if len(parts[0]) == 4 else order, parts, strict=True))
        if len(told["y"]) not in (2, 4) or max(len(told["m"]), len(told["d"])) > 2:
            raise ValueError(misread(order))
        return f"{whole_year(told['y'])}-{told['m']:0>2}-{told['d']:0>2}"

    return turn


def whole_year(text: str) -> str:
    if len(text) == 4:
        return text
    return f"20{text}" if int(text) < 70 else f"19{text}"


def misread(order: str) -> str:
    return {
        "ymd": _("is no day as chosen: year, month, day, such as 2024-02-29"),
        "dmy": _("is no day as chosen: day, month, year, such as 29.02.2024"),
        "mdy": _("is no day as chosen: month, day, year, such as 02/29/2024"),
    }[order]


AMOUNT_TURNS = {mark: turn_amount(mark) for mark in DECIMALS}
DAY_TURNS = {order: turn_day(order) for order in DATES}
