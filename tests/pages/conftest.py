"""A small firm with two departments."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Account
from firm.models import Department, User
from firm.today import day_that_ended
from segmentation.models import Run
from segmentation.nightly import recompute
from tests.factories import (
    AccountFactory,
    DepartmentFactory,
    EntryFactory,
    RatingFactory,
    UserFactory,
)

PASSWORD = "a long enough secret"


@dataclass
class Firm:
    """The owner and a stranger are account managers of two departments; the head leads the
    owner's. The turbine maker and its branch are the owner's, the quarry is the stranger's."""

    north: Department
    owner: User
    stranger: User
    head: User
    director: User
    turbines: Account
    branch: Account
    quarry: Account
    run: Run


def sell(account, revenue, cost=0, days_ago=30):
    day = day_that_ended() - timedelta(days=days_ago)
    return EntryFactory(
        account=account, booked_on=day, revenue=Decimal(revenue), cost=Decimal(cost)
    )


def make_firm():
    north, south = DepartmentFactory(name="North"), DepartmentFactory(name="South")
    owner = UserFactory(name="Olga Owner", roles=["kam"], department=north)
    stranger = UserFactory(name="Stan Stranger", roles=["kam"], department=south)
    turbines = AccountFactory(name="Turbine Works", owner=owner)
    branch = AccountFactory(name="Turbine Branch", owner=owner, parent=turbines)
    quarry = AccountFactory(name="Silver Quarry", owner=stranger)
    for days_ago in (1, 400, 760):
        sell(turbines, 6000, 2000, days_ago)
        sell(branch, 1500, 500, days_ago)
        sell(quarry, 5000, 2500, days_ago)
    RatingFactory(account=turbines, score=4)
    return Firm(
        north=north,
        owner=owner,
        stranger=stranger,
        head=UserFactory(name="Hanna Head", roles=["head"], department=north),
        director=UserFactory(name="Dora Director", roles=["director"], department=north),
        turbines=turbines,
        branch=branch,
        quarry=quarry,
        run=recompute(day_that_ended()),
    )


@pytest.fixture
def firm(db):
    return make_firm()
