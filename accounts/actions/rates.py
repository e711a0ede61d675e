"""Exchange rates by hand: a new one, and a correction."""

from datetime import timedelta

from django.db import connection, transaction

from accounts.importers.rates import convert_again
from accounts.models import ExchangeRate, LedgerEntry
from firm.models import Policy, User
from firm.today import today
from firm.versions import lock


@transaction.atomic
def add(rate: ExchangeRate, *, by: User) -> int:
    """Keep a new rate; how many waiting lines the next run can convert at it."""
    rate.save()
    return waiting_for(rate)


@transaction.atomic
def correct(rate: ExchangeRate, *, version: int, by: User) -> int:
    """Keep what was changed of `rate`, and convert its lines again; how many there are.

    Raises Outdated where the rate is not at `version` any more.
    """
    lock(rate, version)
    rate.save(update_fields=["rate"])
    with connection.cursor() as cursor:
        return convert_again(cursor, [rate.pk])


def waiting_for(rate: ExchangeRate) -> int:
    """Lines without a rate that are booked on its day, or not too long after."""
    days = Policy.objects.in_force(today()).max_rate_age
    lines = LedgerEntry.objects.filter(currency=rate.currency, revenue=None)
    age = (rate.day, rate.day + timedelta(days=days))
    return lines.filter(booked_on__range=age).count()
