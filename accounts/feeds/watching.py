"""Sees deliveries that did not come by their time, each once, and that they came after all."""

from collections import deque
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.feeds import telling
from accounts.feeds.expecting import (
    Works,
    company_calendar,
    company_day,
    due_before,
    dues,
)
from accounts.models import Feed, FeedAlert, LedgerImport

Kind = FeedAlert.Kind
# So long a file that waits for its worker is on its way.
ON_ITS_WAY = timedelta(hours=1)
MISSED = gettext_noop(
    "%(source)s did not deliver by %(time)s (%(zone)s) on %(day)s; the last file came on %(last)s."
)
NEVER = gettext_noop(
    "%(source)s did not deliver by %(time)s (%(zone)s) on %(day)s, and never has before."
)


def watch(now: datetime | None = None) -> int:
    """Raise an alert for each delivery that was due and did not come; give how many are open.

    Asking again changes nothing, and neither do two workers that ask at once: what is judged
    once is not judged again. After a standstill every due moment is judged in its turn, and
    people are told of the newest alone.
    """
    now = now or timezone.now()
    works = company_calendar()
    waiting = [
        feed
        for feed in Feed.objects.expected()
        if dues(feed, feed.judged_until, now, works) and not on_its_way(feed, now)
    ]
    return sum(judge(feed, now, works) for feed in waiting)


def on_its_way(feed: Feed, now: datetime) -> bool:
    """Whether a file of the source has come and waits for its worker."""
    waiting = LedgerImport.objects.filter(source=feed.source_id, state=LedgerImport.State.WAITING)
    return waiting.filter(started_at__gte=now - ON_ITS_WAY).exists()


@transaction.atomic
def judge(feed: Feed, now: datetime, works: Works) -> int:
    """Judge what was due since the feed was judged last; give how many alerts it left open."""
    held = Feed.objects.select_for_update(skip_locked=True, of=["self"])
    locked = held.select_related("source").filter(pk=feed.pk).first()
    moments = dues(locked, locked.judged_until, now, works) if locked else []
    if not moments:
        return 0
    alerts = FeedAlert.objects.bulk_create(missed(locked, moments, now, works))
    locked.judged_until = moments[-1]
    locked.save(update_fields=["judged_until"])
    standing = [alert for alert in alerts if alert.cleared_at is None]
    if standing:
        newest = standing[-1]
        telling.tell(locked.source, notice_key(newest), newest.text, newest.facts)
    return len(standing)


def missed(feed: Feed, moments: list[datetime], now: datetime, works: Works) -> list[FeedAlert]:
    """An alert for each of `moments` by which nothing came, closed where it came later.

    A delivery is for the next due moment; where one was missed it makes up for that instead.
    """
    since = due_before(feed, moments[0], works) or feed.judged_until
    came = deque(deliveries(feed, since, now))
    alerts: list[FeedAlert] = []
    standing: list[FeedAlert] = []
    for moment in moments:
        is_there = False
        while came and came[0].started_at <= moment:
            delivery = came.popleft()
            is_there = is_there or not standing
            standing = made_up(standing, delivery)
        if not is_there:
            standing.append(alert_of(feed, moment, now))
            alerts.append(standing[-1])
    if came:
        made_up(standing, came[0])
    return alerts


def made_up(standing: list[FeedAlert], delivery: LedgerImport) -> list[FeedAlert]:
    for alert in standing:
        alert.cleared_at, alert.cleared_by = delivery.started_at, delivery
    return []


def deliveries(feed: Feed, since: datetime, now: datetime) -> list[LedgerImport]:
    """What came in `since < started_at <= now` and has not made up for anything yet."""
    found = LedgerImport.objects.deliveries().filter(
        source=feed.source_id, started_at__gt=since, started_at__lte=now, made_up_for=None
    )
    return list(found.only("started_at").order_by("started_at"))


def alert_of(feed: Feed, moment: datetime, now: datetime) -> FeedAlert:
    before = LedgerImport.objects.deliveries().filter(
        source=feed.source_id, started_at__lte=moment
    )
    last = before.order_by("-started_at").values_list("started_at", flat=True).first()
    facts = {
        "source": feed.source.name,
        "day": company_day(moment).isoformat(),
        "time": f"{feed.due_at:%H:%M}",
        "zone": settings.TIME_ZONE,
        "last": company_day(last).isoformat() if last else "",
    }
    return FeedAlert(
        source=feed.source,
        kind=Kind.LATE,
        key=moment.isoformat(),
        text=MISSED if last else NEVER,
        facts=facts,
        due_at=moment,
        raised_at=now,
    )


def came(imported: LedgerImport) -> None:
    """A file of the source is in: whatever was missed is made up for. In the import's
    transaction; the feed is held, so that nobody misses the file at the same time."""
    feed = Feed.objects.select_for_update().filter(source=imported.source_id).first()
    if feed:
        clear(feed, by=imported)


def clear(feed: Feed, *, by: LedgerImport | None = None) -> None:
    """Close what stands open of late deliveries, and take back what nobody has read."""
    late = FeedAlert.objects.open().filter(source=feed.source_id, kind=Kind.LATE)
    keys = [notice_key(alert) for alert in late.select_for_update()]
    if keys:
        late.update(cleared_at=timezone.now(), cleared_by=by)
        telling.take_back(keys)


def notice_key(alert: FeedAlert) -> str:
    return f"feed:{alert.source_id}:{alert.kind}:{alert.pk}"
