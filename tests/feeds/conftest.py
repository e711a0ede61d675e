"""A source that delivers, people who feed the ledger, and moments to travel to."""

from contextlib import contextmanager
from datetime import UTC, datetime, time

import pytest
import time_machine

from accounts.feeds.watching import watch
from accounts.models import Feed, LedgerImport
from firm.models import Notification
from tests.factories import LedgerImportFactory, SourceFactory, UserFactory

State = LedgerImport.State


def at(text):
    """A moment of UTC: "11-20 06:00" is of 2026."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


@contextmanager
def moment(text):
    with time_machine.travel(at(text), tick=False):
        yield at(text)


def expected(rhythm="daily", *, since="11-01 00:00", name="erp", **about):
    facts = {"rhythm": rhythm, "due_at": time(6), "judged_until": at(since)}
    return Feed.objects.create(source=SourceFactory(name=name), **facts | about)


def delivered(text, *, name="erp", **about):
    """A file of the source that came at this moment and was taken in."""
    facts = {"source": SourceFactory(name=name), "started_at": at(text), "state": State.DONE}
    return LedgerImportFactory(**facts | about)


def watched(text):
    """How many alerts the watch left open at this moment."""
    with moment(text):
        return watch()


def told(person):
    return [notice.rendered() for notice in person.notifications.order_by("pk")]


def inbox(person):
    return Notification.objects.filter(recipient=person).unread()


@pytest.fixture
def feeder(db):
    return UserFactory(roles=["administrator"])
