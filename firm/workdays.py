"""Working days of a country: its holidays, weekends, and the days that were moved."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

import holidays
from babel.core import get_global
from django.conf import settings

from firm.models import MovedDay

SATURDAY = 5
# As CLDR writes the territory of UTC, and of a zone that it does not know.
NOWHERE = "ZZ"


@lru_cache(maxsize=64)
def _calendar(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


def is_working_day(day: date, country: str) -> bool:
    """Whether `country` (ISO 3166 alpha-2) works on `day` (S21).

    Raises NotImplementedError for a country that has no calendar.
    """
    moved = MovedDay.objects.filter(country=country, day=day).first()
    return moved.is_working if moved else _calendar(country).is_working_day(day)


def next_working_day(day: date, *countries: str) -> date:
    """The first day after `day` on which every one of `countries` works."""
    following = day + timedelta(days=1)
    while not all(is_working_day(following, country) for country in countries):
        following += timedelta(days=1)
    return following


def working_days_after(day: date, count: int, *countries: str) -> date:
    """The day that lies `count` common working days after `day`."""
    for _step in range(count):
        day = next_working_day(day, *countries)
    return day


@lru_cache(maxsize=64)
def country_of(zone: str) -> str | None:
    """The country of a time zone, by its name of today or an older one; None where it has none.

    `holidays` knows every country that a zone lies in, and refuses the territories that are none.
    """
    newest = get_global("zone_aliases").get(zone, zone)
    country = get_global("zone_territories").get(newest, NOWHERE)
    try:
        _calendar(country)
    except NotImplementedError:
        return None
    return country


def works_on(zone: str, day: date) -> bool:
    """Whether people in the country of a time zone work on `day`.

    A zone of no country, as UTC, knows weekends only.
    """
    country = country_of(zone)
    return is_working_day(day, country) if country else day.weekday() < SATURDAY


def calendar_of(zone: str) -> Callable[[date], bool]:
    """`works_on` for many days of a zone: the moved ones are asked for once."""
    country = country_of(zone)
    if country is None:
        return lambda day: day.weekday() < SATURDAY
    moved = dict(MovedDay.objects.filter(country=country).values_list("day", "is_working"))
    return lambda day: moved[day] if day in moved else _calendar(country).is_working_day(day)


def working_days_back(day: date, count: int) -> date:
    """The day that lies `count` working days before `day`, where the firm is."""
    while count:
        day -= timedelta(days=1)
        count -= works_on(settings.TIME_ZONE, day)
    return day
