"""The days whose figures are stored, and the pages that can show an older one of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from firm.paging import address
from firm.today import read_day
from segmentation.models import Run

# Routes that read `?as_of=`.
PAGES = {
    "accounts:list",
    "accounts:card",
    "segmentation:months",
    "segmentation:group",
    "segmentation:history",
    "segmentation:dependence",
    "segmentation:pareto",
    "segmentation:explain",
    "segmentation:explain_account",
}
NIGHTS, MONTH_ENDS = 3, 6
# What of the address belongs to the day that is left.
LEFT_BEHIND = ("as_of", "page")


def shows_days(match: ResolverMatch | None) -> bool:
    """Whether the page of the route can show an older day."""
    return match is not None and match.view_name in PAGES


def stored_days() -> list[date]:
    """Days of which every row is kept, newest first."""
    kept = Run.objects.filter(is_kept=True).order_by("-as_of")
    return list(kept.values_list("as_of", flat=True).distinct())


def month_ends(days: list[date]) -> list[date]:
    """The newest of `days` that end a month."""
    return [day for day in days if (day + timedelta(days=1)).day == 1][:MONTH_ENDS]


@dataclass(frozen=True)
class Page:
    """A page of figures as its address asks for it, ready to be asked for another day."""

    path: str
    query: QueryDict

    @classmethod
    def of(cls, text: str) -> "Page":
        """The page of the address; the dashboard for an address that shows no day.

        Only path and query are read: what comes of it never leads to another site.
        """
        try:
            parts = urlsplit(text)
            if shows_days(resolve(parts.path)):
                return cls(parts.path, QueryDict(parts.query))
        except (Resolver404, ValueError):
            pass
        return cls(reverse("segmentation:dependence"), QueryDict())

    @property
    def asked(self) -> date | None:
        text = str(self.query.get("as_of", ""))
        return read_day(text) if text else None

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Names and values that the form of another day carries on."""
        lists = self.query.lists()
        return [
            (name, value) for name, values in lists if name not in LEFT_BEHIND for value in values
        ]

    @property
    def address(self) -> str:
        """The page, ready for the day as its last parameter."""
        return self.path + address(self.query, without=LEFT_BEHIND)

    @property
    def address_of_newest(self) -> str:
        return self.address.rstrip("?&")
