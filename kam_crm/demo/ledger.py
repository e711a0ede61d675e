"""Three years of invented bookings, as the CSV that an ERP would send."""

import csv
import io
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from accounts.importers.ledger import LINE_COLUMNS
from kam_crm.demo.cast import INDUSTRIES, PRODUCT_LINES
from kam_crm.demo.clients import Client, chance
from segmentation.windows import months_before

YEARS = 3
SATURDAY = 5
A_YEAR = 365
# Services under this amount lack a cost where the workshop does not tell it.
SMALL = 20_000
SERVICES = PRODUCT_LINES[-1]


@dataclass(frozen=True)
class Line:
    """One line of an order; `credit` marks one of a credit note."""

    ref: str
    day: date
    order: int
    revenue: float
    cost: float | None
    product_line: str
    credit: bool = False


def ledger_csv(clients: list[Client], as_of: date, seed: int) -> io.BytesIO:
    """All lines of all clients up to `as_of`, inclusive, in the order in which they were booked.

    A handful of lines came without an account, and those of small services without a cost.
    """
    lines = [line for client in clients for line in lines_of(client, as_of, seed)]
    lines += unassigned(as_of, seed)
    lines.sort(key=lambda line: (line.day, line.ref, line.order, line.credit))
    return as_csv(LINE_COLUMNS, numbered(lines))


def as_csv(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> io.BytesIO:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def numbered(lines: list[Line], after: int = 0) -> Iterator[tuple[str, ...]]:
    """Rows with document and line numbers, from `after` on: lines of one order and day are one
    document."""
    document, place, before = after, 0, None
    for line in lines:
        key = (line.ref, line.day, line.order, line.credit)
        document, place = (document, place + 1) if key == before else (document + 1, 1)
        before = key
        yield (
            line.ref,
            line.day.isoformat(),
            f"{line.revenue:.2f}",
            "" if line.cost is None else f"{line.cost:.2f}",
            "EUR",
            f"{'CRN' if line.credit else 'INV'}-{line.day:%y}-{document:06}",
            str(place),
            line.product_line,
        )


def lines_of(client: Client, as_of: date, seed: int) -> list[Line]:
    """What the client bought, each year scaled to what its story says of it."""
    luck = chance(seed, f"{client.ref} orders")
    raw = [
        line
        for order, day in enumerate(order_days(client, as_of, luck))
        for line in order_lines(client, order, day, as_of, luck)
    ]
    scaled = []
    for years_ago, factor in enumerate(factors(client, raw, as_of)):
        scaled += [
            replace(line, revenue=line.revenue * factor, cost=line.cost * factor)
            for line in raw
            if year_of(line, as_of) == years_ago
        ]
    return [replace(line, cost=None) if lacks_cost(client, line) else line for line in scaled]


def year_of(line: Line, as_of: date) -> int:
    """How many windows before the last one the line was booked."""
    ago = [years for years in range(YEARS) if line.day > months_before(as_of, 12 * (years + 1))]
    return ago[0] if ago else YEARS - 1


def factors(client: Client, raw: list[Line], as_of: date) -> list[float]:
    """For each year, the last one first, what its amounts are multiplied by.

    A client who bought all the time grows as the story says; of the others the last year
    with orders brings the income, and the rest follows.
    """
    brought = [0.0] * YEARS
    for line in raw:
        brought[year_of(line, as_of)] += line.revenue - line.cost
    if all(brought):
        return [client.income / (1 + client.growth) ** ago / brought[ago] for ago in range(YEARS)]
    last = next((ago for ago in range(YEARS) if brought[ago]), 0)
    return [client.income / (brought[last] or 1)] * YEARS


def lacks_cost(client: Client, line: Line) -> bool:
    """The workshop of one department does not tell what small repairs cost it."""
    return line.product_line == SERVICES and line.revenue < SMALL and client.country == "IT"


def order_days(client: Client, as_of: date, luck: random.Random) -> Iterator[date]:
    """The days of the orders, newest first, on weekdays."""
    first = max(months_before(as_of, 12 * YEARS), as_of - timedelta(days=client.since + 1))
    day = as_of - timedelta(days=client.silent)
    while client.income and day > first:
        yield day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))
        if not client.rhythm:
            return
        day -= timedelta(days=max(1, round(client.rhythm * luck.uniform(0.6, 1.4))))


def order_lines(
    client: Client, order: int, day: date, as_of: date, luck: random.Random
) -> Iterator[Line]:
    """One to three lines, larger in growth and in season; now and then a part is returned."""
    years = (as_of - day).days / A_YEAR
    peak = INDUSTRIES.index(client.industry)
    season = 1 + client.season * math.cos((day.month - peak) * math.pi / 6)
    product_lines = luck.sample(PRODUCT_LINES, luck.choice((1, 1, 2, 3)))
    order_size = (1 + client.growth) ** -years * season * luck.uniform(0.6, 1.4)
    for product_line in product_lines:
        size = order_size * luck.uniform(0.5, 1.5) / len(product_lines)
        if product_line == SERVICES:
            size /= 5
        cost = size * (1 - client.margin * luck.uniform(0.75, 1.25))
        line = Line(client.ref, day, order, size, cost, product_line)
        yield line
        back_on = day + timedelta(days=luck.randint(5, 20))
        if luck.random() < 0.02 and back_on <= as_of and client.rhythm:
            part = -luck.uniform(0.2, 0.8)
            yield replace(line, day=back_on, revenue=size * part, cost=cost * part, credit=True)


def unassigned(as_of: date, seed: int) -> Iterator[Line]:
    """Counter sales that the ERP books on no client."""
    luck = chance(seed, "counter sales")
    for order in range(40):
        day = as_of - timedelta(days=luck.randint(5, 700))
        revenue = luck.uniform(1000, 20_000)
        yield Line("", day, order, revenue, revenue * 0.7, "Seals")
