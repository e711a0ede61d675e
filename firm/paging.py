"""Pages of long lists: never a count over everything, never a query more for more rows."""

from dataclasses import dataclass

COUNTED = 1000


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and what a reader needs to know of the rest.

    `total` counts up to `COUNTED`; `is_capped` says that there are more than that.
    """

    rows: list
    number: int
    size: int
    total: int
    is_capped: bool
    has_next: bool

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)

    @property
    def has_previous(self):
        return self.number > 1

    @property
    def previous(self):
        return self.number - 1

    @property
    def next(self):
        return self.number + 1

    @property
    def first(self):
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self):
        return (self.number - 1) * self.size + len(self.rows)


class InTurn:
    """Ordered querysets one after the other, sliced as if they were one."""

    def __init__(self, *querysets):
        self.querysets = querysets

    def __getitem__(self, part):
        rows, start, missing = [], part.start, part.stop - part.start
        for queryset in self.querysets:
            # Keys are sorted alone: with all that rows show they are too wide for it.
            keys = queryset.values("pk")[start : start + missing]
            found = list(queryset.filter(pk__in=keys))
            rows += found
            missing -= len(found)
            if not missing:
                break
            start = start - queryset.count() if start and not found else 0
        return rows


def page_of(queryset, number, size=50, *, counted=None):
    """The `number`th page (from 1; anything unreadable is the first) of an ordered queryset.

    `counted` is a plainer queryset of the same rows, where counting can do with less.
    """
    number = int(number) if str(number).isdecimal() and 0 < int(number) <= 100_000 else 1
    start = (number - 1) * size
    # One row more than is shown tells whether there is a next page.
    rows = list(queryset[start : start + size + 1])
    if number == 1 and len(rows) <= size:
        total = len(rows)
    else:
        plain = queryset if counted is None else counted
        total = plain.order_by().values("pk")[: COUNTED + 1].count()
    return Page(
        rows=rows[:size],
        number=number,
        size=size,
        total=min(total, COUNTED),
        is_capped=total > COUNTED,
        has_next=len(rows) > size,
    )


def address(query, *, without):
    """The same list, ready for one more parameter: "?segment=vip&"."""
    kept = query.copy()
    for name in without:
        kept.pop(name, None)
    return f"?{kept.urlencode()}&" if kept else "?"
