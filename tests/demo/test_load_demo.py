from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Q

from accounts.models import Account, LedgerEntry
from firm.models import User
from firm.templatetags.figures import country
from firm.today import day_that_ended
from kam_crm.integrity import faults
from segmentation.agenda import Agenda
from segmentation.models import Flag, GroupStanding, Run, Standing, StandingChange
from tests.factories import TODAY, AccountFactory, EntryFactory

pytestmark = pytest.mark.django_db


def load(**options):
    call_command("load_demo", **{"accounts": 30, "as_of": TODAY} | options)


def rows_of(**options):
    """Everything that a demo makes, and nothing of it afterwards."""
    with transaction.atomic():
        load(**options)
        lines = LedgerEntry.objects.values_list(
            "document", "line", "account__account_ref", "booked_on", "revenue", "cost"
        )
        standings = Standing.objects.values_list(
            "account__account_ref", "account__name", "owner__email", "rank", "basis", "segment"
        )
        flags = Flag.objects.values_list("kind", "account__account_ref", "level", "raised_on")
        found = [sorted(map(str, rows)) for rows in (lines, standings, flags)]
        transaction.set_rollback(True)
    return found


def test_the_same_seed_and_day_make_the_same_rows():
    assert rows_of(seed=7) == rows_of(seed=7)


def test_another_seed_makes_another_firm():
    assert rows_of(seed=7) != rows_of(seed=8)


def test_one_group_is_critical_one_is_key_and_one_is_key_by_approval():
    load()

    groups = GroupStanding.objects.on(TODAY).filter(key=True).order_by("-basis")

    assert list(groups.values_list("group__name", "band", "key_by")) == [
        ("Gruppo Valmarea", "critical", "band"),
        ("АО «Северный карьер»", "key", "band"),
        ("海川重工集团", "none", "qualification"),
    ]
    assert 0.21 < groups[0].share < 0.23


@pytest.mark.parametrize(
    ("as_of", "seed"), [(date(2024, 2, 29), 1), (date(2024, 3, 31), 2), (date(2025, 1, 5), 3)]
)
def test_there_is_one_of_everything_to_look_at(as_of, seed):
    load(accounts=60, as_of=as_of, seed=seed)

    run = Run.objects.newest()
    assert (run.as_of, run.basis, run.is_comparable) == (as_of, "income", True)
    assert not run.facts["feed_stale"]
    assert run.facts["mix"]["judged"]
    assert 0 < float(run.facts["unassigned_percent"]) < 5
    assert 0 < float(run.facts["uncosted_percent"]) < 5
    assert set(run.summary["segment"]) == {"vip", "strategic", "typical", "ballast", "lost"}
    assert {"growing", "declining", "steady", "new", "lost"} == set(run.summary["trend"])
    giant = Standing.objects.get(account__name="Grand Meridian Shipyards Ltd")
    assert giant.loses_money
    assert giant.turnover_abc == "A"
    assert Standing.objects.filter(disputed=True).count() == 3
    assert Standing.objects.filter(owner=None).exclude(department=None).exists()
    assert set(Flag.objects.open().values_list("kind", flat=True)) == {
        "dependency",
        "declining",
        "order_overdue",
        "lost",
        "unrated",
        "disputed",
    }
    assert StandingChange.objects.filter(as_of=as_of).exists()
    days = list(Run.objects.values_list("as_of", flat=True))
    assert len(days) == len(set(days))
    assert days[:6] == [as_of - timedelta(days=ago) for ago in range(6)]
    assert len([day for day in days if (day + timedelta(days=1)).day == 1]) >= 12
    assert [run.policy.version for run in (Run.objects.last(), Run.objects.newest())] == [1, 2]
    assert Flag.objects.open().exclude(acknowledged_at=None).count() >= 2
    assert not list(faults())


def test_the_ledger_ends_on_the_day_that_has_ended():
    call_command("load_demo", accounts=30)

    assert 0 <= (day_that_ended() - LedgerEntry.objects.latest("booked_on").booked_on).days <= 2
    assert Run.objects.newest().as_of == day_that_ended()


def test_every_printed_login_works(capsys):
    load()

    logins = [line.split() for line in capsys.readouterr().out.splitlines()]

    assert {role for role, _email, _password in logins} == {
        "kam",
        "head",
        "director",
        "analyst",
        "administrator",
        "integration",
        "presale",
    }
    assert len(logins) == User.objects.count()
    for role, email, password in logins:
        person = authenticate(None, email=email, password=password)
        assert person.roles.filter(role__code=role).exists()


def test_every_manager_has_a_book_and_every_department_accounts():
    load(accounts=60)

    managers = User.objects.filter(roles__role__code="kam")

    assert managers.count() == 12
    for manager in managers:
        assert Account.objects.visible_to(manager).count() > 1
    for head in User.objects.filter(roles__role__code="head"):
        assert 3 < Account.objects.visible_to(head).count() < 60


def test_by_default_everybody_finds_something_to_do():
    call_command("load_demo", as_of=TODAY)
    with time_machine.travel(TODAY + timedelta(days=1)):
        managers = User.objects.filter(roles__role__code="kam")
        waiting = {
            manager.email: (Agenda(manager).total, len(Agenda(manager).queue))
            for manager in managers
        }

    assert Account.objects.count() == 240
    assert all(flags + gaps >= 2 for flags, gaps in waiting.values()), waiting
    assert 5 <= waiting["daria@aldermere.example"][0] <= 9
    known = set(Account.objects.values_list("country", flat=True))
    assert {"IT", "DE", "CN", "KZ"} <= known
    assert all(country(code) != code for code in known)
    for manager in managers:
        book = Standing.objects.filter(owner=manager)
        assert 5 <= book.count() <= 40
        assert book.filter(Q(key=True) | Q(segment="vip")).count() <= 5
    run = Run.objects.newest()
    assert run.facts["mix"]["judged"]
    assert 0.4 < float(run.summary["key_total"]) < 0.55
    for days in range(5):
        assert Flag.objects.filter(raised_on=TODAY - timedelta(days=days)).count() <= 9
    assert not list(faults())


def test_it_refuses_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match=r"not for production\.$"):
        load()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "fill", [AccountFactory, lambda: EntryFactory(account=None)], ids=["account", "line"]
)
def test_it_refuses_a_database_in_use(fill):
    fill()

    with pytest.raises(CommandError, match=r"needs an empty one\.$"):
        load()
    assert not User.objects.exists()


@pytest.mark.parametrize("options", [{"accounts": 29}, {"accounts": 9999}, {"as_of": date.max}])
def test_it_refuses_what_it_cannot_make(options):
    with pytest.raises(CommandError):
        load(**options)
    assert not User.objects.exists()
