"""Which clients the demo firm has, whose they are and how they buy."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from kam_crm.demo.cast import DOMAIN, INDUSTRIES, PEOPLE
from kam_crm.demo.places import COUNTRIES, Country
from kam_crm.demo.stories import PARTS, Part

DEPARTMENT_OF = {name: department for name, _full, department, _roles in PEOPLE}
FEWEST = 30
MOST = len(PARTS) + sum(len(country.stems) * len(country.trades) for country in COUNTRIES)
# What profitable clients together bring in the window, for each account, in euro.
INCOME_AN_ACCOUNT = 100_000
# Of the many the largest are rated.
ALL_RATED = 10
A_YEAR, THREE_YEARS = 365, 1096


@dataclass(frozen=True)
class Client:
    """An account with the story of how it buys: amounts in euro, days before the as-of day.

    `income` is the gross margin of its last year with orders; a client with a `rhythm` of 0
    buys once, one with no income never.
    """

    ref: str
    name: str
    country: str
    industry: str
    headcount: int
    owner: str
    department: str
    income: float
    margin: float
    growth: float
    rhythm: int
    season: float
    since: int = THREE_YEARS
    silent: int = 0
    scores: tuple[int | None, int | None] = (None, None)
    earlier: int | None = None
    parent: str = ""
    previous_owner: str = ""
    team: str = ""
    ground: str = ""


def chance(seed: int, subject: str) -> random.Random:
    """Chance for one subject: another account does not change it."""
    return random.Random(f"{seed} {subject}")  # noqa: S311 - a story, not a secret


def make_clients(number: int, seed: int) -> list[Client]:
    """The first `number` clients of `seed`: those with a story, then the many."""
    total = number * INCOME_AN_ACCOUNT
    # In a small firm the many are a third.
    parts = PARTS[: number * 2 // 3]
    refs = {part.name: f"C-{1001 + n}" for n, part in enumerate(parts)}
    named = [with_a_story(part, refs, total, seed) for part in parts]
    many = [
        one_of_many(f"C-{1001 + len(named) + n}", n, *about, seed)
        for n, about in zip(range(number - len(named)), further_names(seed), strict=False)
    ]
    known = sum(max(0, part.percent) for part in parts if part.silent < A_YEAR)
    rest = total * (1 - known / 100) / sum(client.income for client in many)
    return named + [replace(client, income=client.income * rest) for client in many]


def with_a_story(part: Part, refs: dict[str, str], total: float, seed: int) -> Client:
    luck = chance(seed, part.name)
    # The large ones carry the story's figures; with the others it matters less.
    about = luck.uniform(0.99, 1.01) if part.percent > 2 else luck.uniform(0.92, 1.15)
    return Client(
        ref=refs[part.name],
        name=part.name,
        country=part.country,
        industry=part.industry,
        headcount=luck.randint(4, 90) * 25,
        owner=address(part.owner),
        department="",
        income=total * part.percent / 100 * about,
        margin=part.margin,
        growth=part.growth + luck.uniform(-0.012, 0.012),
        rhythm=part.rhythm,
        season=luck.uniform(0, 0.2),
        silent=part.silent,
        scores=part.scores,
        earlier=part.earlier,
        parent=refs.get(part.parent, ""),
        previous_owner=address(part.previous_owner),
        team=address(part.team),
        ground=part.ground,
    )


def further_names(seed: int) -> Iterator[tuple[str, Country, str]]:
    """Names that nobody bears, with country and industry, each once."""
    taken = {part.name for part in PARTS}
    found = [
        (name, country, industry)
        for country in COUNTRIES
        for stem, (trade, industry) in product(
            country.stems, zip(country.trades, INDUSTRIES, strict=False)
        )
        if (name := country.pattern.format(stem, trade)) not in taken
    ]
    chance(seed, "names").shuffle(found)
    return iter(found)


def one_of_many(
    ref: str, place: int, name: str, country: Country, industry: str, seed: int
) -> Client:
    """A client without a story of its own: regular, new, gone, or here once. Its income is a
    weight: what is left for the many is shared out by it."""
    luck = chance(seed, ref)
    department = DEPARTMENT_OF[country.managers[0]]
    # Now and then a manager left and nobody took the client over.
    owner = "" if place % 17 == 5 else address(luck.choice(country.managers))
    kind = luck.choices(("regular", "new", "once", "gone"), (53, 5, 38, 4))[0]
    since, silent, rhythm = THREE_YEARS, luck.randint(0, 12), luck.randint(14, 45)
    income = (place + 3) ** -0.8 * luck.uniform(0.8, 1.2)
    if kind == "new":
        since = luck.randint(150, 300)
    elif kind == "once":
        since = silent = luck.randint(100, 340)
        income, rhythm = luck.uniform(0.001, 0.005), 0
    elif kind == "gone":
        silent = luck.randint(380, 600)
        income = luck.uniform(0.01, 0.05)
    return Client(
        ref=ref,
        name=name,
        country=country.code,
        industry=industry,
        headcount=luck.randint(1, 60) * 10,
        owner=owner,
        department="" if owner else department,
        income=income,
        margin=luck.uniform(0.18, 0.38),
        growth=luck.choice((-0.22, -0.12, -0.04, -0.01, 0, 0.02, 0.05, 0.15, 0.3))
        + luck.uniform(-0.03, 0.03),
        rhythm=rhythm,
        season=luck.choice((0, 0.1, 0.2, 0.45)),
        since=since,
        silent=silent,
        scores=(None, None)
        if place % 10 == 6 and place > ALL_RATED
        else scores(kind, luck, owner),
    )


def scores(kind: str, luck: random.Random, owner: str) -> tuple[int | None, int | None]:
    """The manager's and the head's; regular clients are rated, most one-off buyers not."""
    is_regular = kind in ("regular", "new")
    if not is_regular and luck.random() < 0.7:
        return None, None
    by_manager = luck.choices((2, 3, 4), (15, 78, 7))[0] if is_regular else luck.choice((1, 2))
    by_head = max(1, by_manager + luck.choice((-1, 0, 0)))
    return by_manager if owner else None, by_head if luck.random() < 0.7 or not owner else None


def address(name: str) -> str:
    return f"{name}@{DOMAIN}" if name else ""
