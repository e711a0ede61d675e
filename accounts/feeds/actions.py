"""What people decide about feeds: when they are expected, and what a month comes to."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.feeds.totals import reconcile
from accounts.feeds.watching import clear
from accounts.models import ControlTotal, Feed, Source
from firm.models import User
from firm.versions import Outdated, lock


@transaction.atomic
def expect(source: Source, values: dict[str, Any], *, version: int, by: User) -> Feed:
    """Expect deliveries of `source` as `values` say, from now on: what is late by the former
    rhythm is forgotten. Raises Outdated where the feed is not at `version` any more."""
    feed, is_new = Feed.objects.get_or_create(source=source, defaults=values)
    if is_new and not version:
        return feed
    lock(feed, version)
    feed.refresh_from_db()
    if all(getattr(feed, name) == value for name, value in values.items()):
        return feed
    for name, value in values.items():
        setattr(feed, name, value)
    feed.judged_until = timezone.now()
    feed.save()
    clear(feed)
    return feed


@transaction.atomic
def enter_total(
    source: Source, values: dict[str, Any], *, version: int, by: User
) -> tuple[ControlTotal, bool]:
    """Keep what `source` says of a month in a currency, and compare the months. Gives the total
    and whether the month had none. Raises Outdated where that total is not at `version`."""
    asked = {name: values[name] for name in ("month", "currency")}
    said = {name: values[name] for name in ("revenue", "lines")}
    total, is_new = ControlTotal.objects.get_or_create(source=source, **asked, defaults=said)
    if not is_new:
        lock(total, version)
        for name, value in said.items():
            setattr(total, name, value)
        total.save(update_fields=list(said))
    elif version:
        raise Outdated
    reconcile(source)
    return total, is_new


@transaction.atomic
def remove_total(total: ControlTotal, *, by: User) -> None:
    """Take a control total away, and the alert with it."""
    source = total.source
    total.delete()
    reconcile(source)
