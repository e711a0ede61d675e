"""What the pages of feeds show."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.feeds.drift import Oddity, columns_odd_in, kept
from accounts.feeds.expecting import Works, company_calendar, due_after
from accounts.models import Feed, FeedAlert, ImportFigures, LedgerImport, Source
from firm import roles
from firm.models import User

Kind, Rhythm = FeedAlert.Kind, Feed.Rhythm
DELIVERIES = 10
ALERTS = 5


@dataclass(frozen=True)
class Clock:
    """A moment as the company's calendar and clock show it, wherever the reader is."""

    day: date
    time: str

    @classmethod
    def of(cls, moment: datetime) -> "Clock":
        local = timezone.localtime(moment, timezone.get_default_timezone())
        return cls(local.date(), f"{local:%H:%M}")


@dataclass
class Delivered:
    """A source with what came of it last, and what is open about it."""

    source: Source
    feed: Feed
    works: Works
    last: LedgerImport | None = None
    alerts: list[FeedAlert] = field(default_factory=list)

    @property
    def late(self) -> list[FeedAlert]:
        return [alert for alert in self.alerts if alert.kind == Kind.LATE]

    @property
    def apart(self) -> list[FeedAlert]:
        """Months that are not as the source says."""
        return [alert for alert in self.alerts if alert.kind == Kind.TOTAL]

    @cached_property
    def oddities(self) -> list[Oddity]:
        """What is unlike the files before in the one that came last."""
        return oddities_of(self.last) if self.last else []

    @property
    def state(self) -> str:
        if self.late:
            return "late"
        if self.last is None:
            return "never"
        if self.oddities:
            return "odd"
        return "free" if self.feed.rhythm == Rhythm.NONE else "in time"

    @property
    def late_since(self) -> Clock | None:
        return Clock.of(self.late[0].due_at) if self.late else None

    @cached_property
    def next_due(self) -> Clock | None:
        due = due_after(self.feed, timezone.now(), self.works)
        return Clock.of(due) if due else None

    @property
    def expected(self) -> str:
        return expectation(self.feed)


def expectation(feed: Feed) -> str:
    """When a feed is expected, in words."""
    words = {
        Rhythm.NONE: _("nothing is expected"),
        Rhythm.DAILY: _("every day by %(time)s"),
        Rhythm.WORKDAYS: _("every working day by %(time)s"),
        Rhythm.WEEKLY: _("every week on %(day)s by %(time)s"),
        Rhythm.MONTHLY: _("on day %(date)s of each month by %(time)s"),
    }
    return words[Rhythm(feed.rhythm)] % {
        "time": f"{feed.due_at:%H:%M}",
        "day": feed.get_weekday_display(),
        "date": feed.month_day,
    }


def delivered(sources: Iterable[Source]) -> list[Delivered]:
    """Each of `sources` with its state, in as many questions for many as for one."""
    sources = list(sources)
    feeds = Feed.objects.filter(source__in=sources).in_bulk()
    came = LedgerImport.objects.deliveries().filter(source__in=sources)
    newest = came.order_by("source_id", "-started_at", "-pk").distinct("source_id")
    light = newest.select_related("figures").defer("report", "reading", "header")
    last = {imported.source_id: imported for imported in light}
    alerts = defaultdict(list)
    for alert in FeedAlert.objects.open().filter(source__in=sources):
        alerts[alert.source_id].append(alert)
    works = company_calendar()
    return [
        Delivered(
            source=source,
            feed=feeds.get(source.pk) or Feed(source=source),
            works=works,
            last=last.get(source.pk),
            alerts=alerts[source.pk],
        )
        for source in sources
    ]


def deliveries_of(source: Source) -> list[LedgerImport]:
    """The newest files that the source delivered, each with `oddities`."""
    came = LedgerImport.objects.deliveries().filter(source=source).select_related("figures")
    newest = came.defer("report", "reading", "header").order_by("-started_at", "-pk")
    found = list(newest[:DELIVERIES])
    for imported in found:
        imported.oddities = oddities_of(imported)
    return found


def oddities_of(imported: LedgerImport) -> list[Oddity]:
    """What is odd about a file that the engine has read; None of its figures, nothing."""
    figures: ImportFigures | None = getattr(imported, "figures", None)
    return kept(figures) if figures else []


def odd_in(imported: LedgerImport) -> list[Oddity]:
    """What the page of an import has to say: of its figures, or of its header before it is
    tried."""
    return oddities_of(imported) if imported.report else columns_odd_in(imported)


def alerts_for(user: User) -> list[FeedAlert]:
    """The newest of what stands open, for those who feed the ledger."""
    if not user.has_perm(roles.FEED):
        return []
    newest = FeedAlert.objects.open().select_related("source").order_by("-raised_at", "-pk")
    return list(newest[:ALERTS])


def makers_of(lines):
    """The imports that booked `lines`, with how many each and what they come to."""
    by_import = lines.order_by().values(
        "imported", "imported__file_name", "imported__started_at", "currency"
    )
    return by_import.annotate(lines=Count("pk"), revenue=Sum("booked_revenue")).order_by(
        "-imported_id", "currency"
    )
