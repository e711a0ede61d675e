"""Figures and days as people of each language write them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, get_currency_symbol
from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firm.today import today

register = template.Library()

NONE = "–"
# English as written in Europe: 19 Nov 2026.
BABEL = {"en": "en_150", "zh-hans": "zh_Hans"}
# From this total on, amounts are read in thousands.
THOUSANDS_FROM = 1_000_000


@dataclass(frozen=True)
class Unit:
    """What amounts of one page are counted in: the currency, or thousands of it."""

    currency: str
    in_thousands: bool = False

    @classmethod
    def for_total(cls, currency, total):
        return cls(currency, abs(Decimal(total or 0)) >= THOUSANDS_FROM)

    @property
    def symbol(self):
        return get_currency_symbol(self.currency, locale=locale())

    @property
    def label(self):
        return self._label(self.symbol) if self.in_thousands else self.symbol

    @staticmethod
    def _label(symbol):
        # Translators: thousands of a currency, as in k€.
        return _("k%(currency)s") % {"currency": symbol}


def locale():
    language = get_language() or "en"
    return Locale.parse(BABEL.get(language) or language.replace("-", "_"))


def number(value):
    """`value` as a Decimal; None where it is no number, as in an empty cell."""
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def written(value, places):
    """Grouped for the language, rounded half up, with a true minus; never "−0"."""
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    digits = "." + "0" * places if places else ""
    return format_decimal(rounded, "#,##0" + digits, locale=locale()).replace("-", "−")


@register.filter
def money(value, places=0):
    """An amount in full, without its currency: 2,034,215."""
    value = number(value)
    return NONE if value is None else written(value, places)


@register.filter
def exact(value):
    """An amount to its last digit, of two decimals at least: 2,034.50."""
    value = number(value)
    if value is None:
        return NONE
    return written(value, max(2, -value.normalize().as_tuple().exponent))


@register.filter
def amount(value, unit):
    """An amount in the page's unit: 2,034 where the unit is k€. Small ones keep a decimal."""
    value = number(value)
    if value is None:
        return NONE
    if not unit.in_thousands:
        return written(value, 0)
    value /= 1000
    return written(value, 1 if 0 < abs(value) < Decimal("9.95") else 0)


@register.filter
def amount_of(value, unit):
    """The same with its unit, for a sentence: 2,034 k€."""
    return f"{amount(value, unit)} {unit.label}"


@register.filter
def percent(value, places=1):
    """A fraction as percent, without the sign: 0.221 is 22.1."""
    value = number(value)
    return NONE if value is None else written(value * 100, places)


@register.filter
def percent_sign(value, places=1):
    """The same with its sign, for a sentence: 22.1 %."""
    return f"{percent(value, places)} %"


@register.filter
def plain(value, places=0):
    """Any number grouped for the language; `places` "free" keeps those that say something."""
    value = number(value)
    if value is None:
        return NONE
    if places == "free":
        places = max(0, -value.normalize().as_tuple().exponent)
    return written(value, places)


@register.filter
def signed(value, places=1):
    """A change in percent with its sign, of a fraction: 0.135 is +13.5."""
    value = number(value)
    if value is None:
        return NONE
    text = written(value * 100, places)
    return text if text.startswith("−") or not text.strip("0.,") else f"+{text}"


def as_day(value):
    """A day; of a moment the day that it was where the reader is."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date()
    return date.fromisoformat(value) if isinstance(value, str) else value


@register.filter
def day(value):
    """A day: 20 Nov, with the year when it is not this one."""
    value = as_day(value)
    if not value:
        return NONE
    return format_skeleton(
        "MMMd" if value.year == today().year else "yMMMd", value, locale=locale()
    )


@register.filter
def full_day(value):
    """A day with its year: 19 Nov 2026."""
    value = as_day(value)
    return format_skeleton("yMMMd", value, locale=locale()) if value else NONE


@register.filter
def week_day(value):
    """A day as the head of a page: Friday, 20 November 2026."""
    return format_date(as_day(value), "full", locale=locale())


@register.filter
def country(code):
    """A country by its name, of its ISO 3166 code: Italy; anything else as it is."""
    # Babel names continents too, by numbers of three digits.
    return locale().territories.get(code, code) if len(code) == len("IT") else code
