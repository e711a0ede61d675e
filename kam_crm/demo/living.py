"""The demo firm lives on: each night books the day that ended, once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.importers.ledger import LINE_COLUMNS, import_ledger
from firm.models import Job
from kam_crm.demo.clients import Client, chance, make_clients
from kam_crm.demo.ledger import A_YEAR, SATURDAY, Line, as_csv, lacks_cost, numbered, order_lines

SOURCE = "demo"
# One row a booked day; that there is one at all says that this is the demo.
TOPIC = "demo_day"
# Who has been silent for longer stays so: that is their story.
STILL_BUYING = 30
# What an order of `order_lines` adds up to on average: services are small.
AN_ORDER = 0.87
# Documents of the days lie above those of the past.
FIRST_DOCUMENT, A_DAY = 100_000, 1_000


def begin_life(*, accounts: int, seed: int, as_of: date) -> None:
    """Remember what the demo was made of, and that it is booked up to `as_of`, inclusive."""
    mark_booked(as_of, {"accounts": accounts, "seed": seed, "loaded": as_of.isoformat()})


def mark_booked(day: date, story: dict) -> None:
    Job.objects.create(
        topic=TOPIC,
        key=day.isoformat(),
        payload=story,
        state=Job.State.DONE,
        finished_at=timezone.now(),
    )


def live_until(day: date) -> int:
    """Book the days after the last booked one up to `day`, inclusive; give the number of lines.

    The same firm and day make the same lines. Does nothing where no demo was loaded, nothing
    in production, and nothing the second time.
    """
    last = None if settings.PRODUCTION else last_booked()
    if last is None:
        return 0
    story, clients = last.payload, make_clients(last.payload["accounts"], last.payload["seed"])
    loaded = date.fromisoformat(story["loaded"])
    rows: list[tuple[str, ...]] = []
    booked = date.fromisoformat(last.key)
    while booked < day:
        booked += timedelta(days=1)
        lines = list(lines_of_day(clients, booked, loaded, story["seed"]))
        rows += numbered(lines, after=FIRST_DOCUMENT + A_DAY * booked.timetuple().tm_yday)
        mark_booked(booked, story)
    if rows:
        import_ledger(as_csv(LINE_COLUMNS, rows), source=SOURCE, file_name=f"demo-{day}.csv")
    return len(rows)


def last_booked() -> Job | None:
    # Another worker that books the same days waits here, and finds them booked.
    first = Job.objects.select_for_update().filter(topic=TOPIC).order_by("key").first()
    return first and Job.objects.filter(topic=TOPIC).order_by("-key").first()


def lines_of_day(clients: list[Client], day: date, loaded: date, seed: int) -> Iterator[Line]:
    """What all clients order on `day`: as often and as much as their story says."""
    if day.weekday() >= SATURDAY:
        return
    for client in sorted(clients, key=lambda client: client.ref):
        luck = chance(seed, f"{client.ref} {day}")
        still = client.rhythm and client.income and client.silent <= STILL_BUYING
        # Seven days of wishes fall on five days of work.
        if not still or luck.random() > 7 / 5 / client.rhythm:
            continue
        factor = client.income * client.rhythm / (A_YEAR * client.margin * AN_ORDER)
        for line in order_lines(client, 0, day, loaded, luck):
            full = replace(line, revenue=line.revenue * factor, cost=line.cost * factor)
            yield replace(full, cost=None) if lacks_cost(client, full) else full
