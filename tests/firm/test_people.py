"""Roles are dated, policies are kept, working days are those of the country."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, IntegrityError, transaction

from firm.models import DepartmentMembership, MovedDay, Policy, Role, RoleMembership, User, since
from firm.roles import EVERY_ACCOUNT, ROLES
from firm.today import today
from firm.workdays import is_working_day, next_working_day, working_days_after, works_on
from tests.factories import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_every_role_has_a_description_that_an_auditor_can_read():
    assert set(Role.objects.values_list("code", flat=True)) == set(ROLES)
    assert not Role.objects.filter(description="").exists()


@pytest.mark.parametrize(("begins", "allowed"), [(-1, True), (0, True), (1, False)])
def test_a_role_allows_what_it_does_from_its_day_on(begins, allowed):
    person = UserFactory()
    RoleMembership.objects.create(
        user=person,
        role=Role.objects.get(code="director"),
        valid=since(today() + timedelta(days=begins)),
    )

    assert person.has_perm(EVERY_ACCOUNT) is allowed


def test_a_role_that_has_ended_allows_nothing():
    person = UserFactory()
    role = Role.objects.get(code="director")
    RoleMembership.objects.create(user=person, role=role, valid=(None, today()))

    assert not person.has_perm(EVERY_ACCOUNT)


def test_nobody_works_in_two_departments_on_one_day():
    person = UserFactory(department=DepartmentFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        DepartmentMembership.objects.create(user=person, department=DepartmentFactory())


def test_a_head_heads_everything_below_the_own_department():
    top = DepartmentFactory()
    middle = DepartmentFactory(parent=top)
    bottom = DepartmentFactory(parent=middle)
    DepartmentFactory()

    head = UserFactory(department=middle)

    assert head.headed_departments == {middle.pk, bottom.pk}


def test_a_version_of_the_policy_can_be_neither_changed_nor_deleted():
    policy = Policy.objects.get()
    for attempt in (
        lambda: Policy.objects.update(key_share=11),
        lambda: policy.delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            attempt()


def test_the_version_in_force_is_the_newest_that_has_begun():
    day = date(2024, 3, 1)
    Policy.objects.create(version=2, valid_from=day, reason="Stricter.")
    Policy.objects.create(version=3, valid_from=day, reason="Corrected the same day.")

    in_force = Policy.objects.in_force
    assert in_force(day - timedelta(days=1)).version == 1
    assert in_force(day).version == 3


def test_limits_that_do_not_rise_are_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(version=2, valid_from=date(2024, 3, 1), reason="Typo.", key_share=30)


def test_working_days_are_the_countrys_and_the_firms():
    friday = date(2024, 5, 3)
    assert next_working_day(friday, "IT") == date(2024, 5, 6)
    assert next_working_day(date(2024, 4, 30), "IT", "GB") == date(2024, 5, 2)
    assert working_days_after(friday, 2, "GB") == date(2024, 5, 8)

    MovedDay.objects.create(country="IT", day=date(2024, 5, 4), is_working=True, reason="Stock")
    assert is_working_day(date(2024, 5, 4), "IT")
    assert next_working_day(friday, "IT") == date(2024, 5, 4)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Calcutta"])
def test_a_zone_has_the_holidays_of_its_country_by_an_older_name_too(zone):
    republic_day = date(2024, 1, 26)
    assert not works_on(zone, republic_day)
    assert works_on(zone, republic_day - timedelta(days=1))


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT-3", "Antarctica/Troll"])
def test_a_zone_of_no_country_knows_weekends_only(zone):
    assert works_on(zone, date(2024, 12, 25))
    assert not works_on(zone, date(2024, 12, 28))


def test_a_user_is_added_with_roles_and_a_first_password(capsys):
    call_command(
        "add_user", "ann@example.com", name="Ann", role=["kam"], roles=["kam"], department="north"
    )

    ann = User.objects.get(email="ann@example.com")
    assert ann.check_password(capsys.readouterr().out.strip())
    assert ann.has_perm("firm.use_pages")
    with pytest.raises(CommandError, match="Another user"):
        call_command("add_user", "ANN@example.com", name="Ann", roles=["kam"])
