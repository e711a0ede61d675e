"""Fills an empty database with the demo firm: people, clients, ledger, judgement, nights."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pgtrigger
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.importers.accounts import import_accounts
from accounts.importers.ledger import import_ledger
from accounts.models import Account, TeamMember
from firm.models import (
    Department,
    DepartmentMembership,
    Notification,
    Policy,
    Role,
    RoleMembership,
    User,
)
from kam_crm.demo.cast import ACKNOWLEDGED, DEPARTMENTS, PEOPLE, REASONS
from kam_crm.demo.clients import DEPARTMENT_OF, Client, address, chance, make_clients
from kam_crm.demo.ledger import as_csv, ledger_csv
from kam_crm.demo.living import SOURCE, begin_life
from segmentation.importers.judgement import JUDGEMENT
from segmentation.models import Flag, ProspectRating, Qualification
from segmentation.nightly import recompute
from segmentation.windows import months_before

ACCOUNT_COLUMNS = (
    "account_ref",
    "account_name",
    "industry",
    "country",
    "headcount",
    "parent_ref",
    "owner",
    "previous_owner",
    "owner_from",
    "department",
)
# Known to everybody who reads this: the demo stays out of production.
PASSWORD = "kam-demo-portfolio"  # noqa: S105
MONTHS_OF_NIGHTS = 12
DAYS_OF_NIGHTS = 6
MORNING = time(6)


@transaction.atomic
def load(*, accounts: int, seed: int, as_of: date) -> list[tuple[str, str, str]]:
    """Make the firm and its past up to `as_of`, inclusive; give role, e-mail and password of
    each login.

    The same number, seed and day make the same rows. Needs a database without accounts.
    """
    clients = make_clients(accounts, seed)
    people = make_people()
    import_accounts(accounts_csv(clients, as_of), extra=JUDGEMENT)
    import_ledger(ledger_csv(clients, as_of, seed), source=SOURCE, file_name="demo.csv")
    known = {account.account_ref: account for account in Account.objects.all()}
    make_judgement(clients, known, people, as_of, seed)
    TeamMember.objects.bulk_create(
        TeamMember(account=known[client.ref], user=people[client.team], part=part_of(client.team))
        for client in clients
        if client.team
    )
    make_second_policy(people[address("margaret")], as_of)
    for night in nights(as_of):
        live_through(night, as_of)
    acknowledge(people, as_of)
    begin_life(accounts=accounts, seed=seed, as_of=as_of)
    return [(roles[0], address(name), PASSWORD) for name, _full, _at, roles in PEOPLE]


def make_people() -> dict[str, User]:
    """Departments and colleagues, by e-mail."""
    departments: dict[str, Department] = {}
    for code, name, above in DEPARTMENTS:
        departments[code] = Department.objects.create(
            code=code, name=name, parent=departments.get(above)
        )
    # Hashing is slow on purpose, and they all share one password anyway.
    hashed = make_password(PASSWORD)
    people = {}
    for n, (name, full_name, department, codes) in enumerate(PEOPLE, start=1):
        person = User.objects.create(
            email=address(name), name=full_name, staff_ref=f"E-{n:03}", password=hashed
        )
        DepartmentMembership.objects.create(user=person, department=departments[department])
        for code in codes:
            RoleMembership.objects.create(user=person, role=Role.objects.get(code=code))
        people[person.email] = person
    return people


def accounts_csv(clients: list[Client], as_of: date) -> io.BytesIO:
    """The clients as a file of accounts; a change of manager lies half a year back."""
    handed_over = months_before(as_of, 6).isoformat()
    rows = []
    for client in clients:
        about = (client.ref, client.name, client.industry, client.country, client.headcount)
        before = client.previous_owner
        whose = (client.owner, before, handed_over if before else "", client.department)
        rows.append((*about, client.parent, *whose))
    return as_csv(ACCOUNT_COLUMNS, rows)


def make_judgement(
    clients: list[Client],
    known: dict[str, Account],
    people: dict[str, User],
    as_of: date,
    seed: int,
) -> None:
    """Ratings by managers and heads with days and reasons, and the approved qualification."""
    heads = {
        DEPARTMENT_OF[name]: people[address(name)]
        for name, _full, _at, roles in PEOPLE
        if "head" in roles
    }
    for client in clients:
        account = known[client.ref]
        head = heads[department_of(client)]
        ratings = ratings_of(client, people.get(client.owner), head, as_of, seed)
        ProspectRating.objects.bulk_create(
            ProspectRating(
                account=account,
                rater=rater,
                score=score,
                rated_on=day,
                author=author,
                reason=REASONS[score],
            )
            for rater, score, day, author in ratings
        )
        if client.ground:
            Qualification.objects.create(
                account=account,
                ground=client.ground,
                approved_on=months_before(as_of, 8),
                approved_by=head,
                expires_on=as_of + timedelta(days=120),
                reason="Buys a quarter of its bearings from us and wants one supplier for all.",
            )


def ratings_of(
    client: Client, owner: User | None, head: User, as_of: date, seed: int
) -> Iterator[tuple[str, int, date, User | None]]:
    """Who gave which score on which day; a changed score is a few weeks old."""
    luck = chance(seed, f"{client.ref} ratings")
    rated_on = as_of - timedelta(days=luck.randint(150, 330))
    by_manager, by_head = client.scores
    if client.earlier:
        yield ProspectRating.Rater.KAM, client.earlier, rated_on, owner
        rated_on = as_of - timedelta(days=luck.randint(1, 20))
    if by_manager:
        yield ProspectRating.Rater.KAM, by_manager, rated_on, owner
    if by_head:
        yield ProspectRating.Rater.HEAD, by_head, rated_on, head


def department_of(client: Client) -> str:
    return client.department or DEPARTMENT_OF[client.owner.split("@")[0]]


def part_of(email: str) -> str:
    """As what a colleague works beside the owner."""
    roles = next(roles for name, _full, _at, roles in PEOPLE if address(name) == email)
    return TeamMember.Part.PRESALE if "presale" in roles else TeamMember.Part.KAM


def make_second_policy(director: User, as_of: date) -> None:
    """The rules were changed once, some months ago, for a reason."""
    day = months_before(as_of, 5).replace(day=1)
    policy = Policy.objects.create(
        version=2,
        valid_from=day,
        author=director,
        reason="Project clients need a season to reorder, and the board wants a quarter of the "
        "clients to be tomorrow's.",
        ballast_grace_days=120,
        mix_strategic_high=25,
    )
    decided = datetime.combine(day - timedelta(days=4), MORNING, timezone.get_default_timezone())
    with pgtrigger.ignore("firm.Policy:append_only"):
        Policy.objects.filter(pk=policy.pk).update(created_at=decided)


def acknowledge(people: dict[str, User], as_of: date) -> None:
    """Some flags were looked at: who did, and why they rest."""
    for kind, name, colleague, reason in ACKNOWLEDGED:
        Flag.objects.open().filter(kind=kind, account__name=name).update(
            acknowledged_at=timezone.now(),
            acknowledged_by=people[address(colleague)],
            acknowledged_reason=reason,
            rests_until=as_of + timedelta(days=30),
            rests_at=F("number"),
            rests_severity=F("severity"),
        )


def nights(as_of: date) -> list[date]:
    """The last month ends before `as_of`, the last days and `as_of`, oldest first."""
    found = {as_of - timedelta(days=days) for days in range(DAYS_OF_NIGHTS)}
    end = as_of
    for _month in range(MONTHS_OF_NIGHTS):
        end = end.replace(day=1) - timedelta(days=1)
        found.add(end)
    return sorted(found)


def live_through(night: date, as_of: date) -> None:
    """Compute a night; what it told people stands in their inboxes since the next morning.

    What is older than some days they have read.
    """
    told_before = set(Notification.objects.values_list("pk", flat=True))
    recompute(night)
    morning = datetime.combine(night + timedelta(days=1), MORNING, timezone.get_default_timezone())
    is_old = (as_of - night).days >= DAYS_OF_NIGHTS
    Notification.objects.exclude(pk__in=told_before).update(
        created_at=min(morning, timezone.now()),
        read_at=morning + timedelta(hours=3) if is_old else None,
    )
