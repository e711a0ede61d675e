"""Test objects with one line each."""

import functools
from datetime import date
from decimal import Decimal

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts import models as accounts
from firm import models as firm
from segmentation import models as segmentation

TODAY = date(2024, 2, 29)


# Half a second for each colleague, were it worked out each time.
hashed = functools.cache(make_password)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = firm.User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Colleague {n}")
    email = factory.Sequence(lambda n: f"colleague{n}@example.com")
    password = factory.LazyFunction(lambda: hashed("a long enough secret"))

    @factory.post_generation
    def roles(self, create, codes):
        for code in codes or ():
            firm.RoleMembership.objects.create(user=self, role=firm.Role.objects.get(code=code))

    @factory.post_generation
    def department(self, create, department):
        if department:
            firm.DepartmentMembership.objects.create(user=self, department=department)


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = firm.Department

    code = factory.Sequence(lambda n: f"d{n}")
    name = factory.Sequence(lambda n: f"Department {n}")


class AccountFactory(DjangoModelFactory):
    class Meta:
        model = accounts.Account
        skip_postgeneration_save = True

    account_ref = factory.Sequence(lambda n: f"A{n:04}")
    name = factory.LazyAttribute(lambda account: f"Client {account.account_ref}")

    @factory.post_generation
    def owner(self, create, owner):
        if owner:
            accounts.Ownership.objects.create(account=self, owner=owner)

    @factory.post_generation
    def parent(self, create, parent):
        if parent:
            accounts.Parentage.objects.create(account=self, parent=parent)


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = accounts.Source
        django_get_or_create = ("name",)

    name = "erp"


class LedgerImportFactory(DjangoModelFactory):
    class Meta:
        model = accounts.LedgerImport

    source = factory.SubFactory(SourceFactory)
    file_name = "ledger.csv"


class EntryFactory(DjangoModelFactory):
    """A ledger line in the reporting currency; `cost` None is a line without a cost."""

    class Meta:
        model = accounts.LedgerEntry

    source = factory.SubFactory(SourceFactory)
    imported = factory.SubFactory(LedgerImportFactory)
    document = factory.Sequence(lambda n: f"INV-{n}")
    line = "1"
    account = factory.SubFactory(AccountFactory)
    booked_on = TODAY
    revenue = Decimal(100)
    cost = Decimal(0)
    booked_revenue = factory.SelfAttribute("revenue")
    booked_cost = factory.SelfAttribute("cost")
    currency = "EUR"


class RatingFactory(DjangoModelFactory):
    class Meta:
        model = segmentation.ProspectRating

    account = factory.SubFactory(AccountFactory)
    rater = "kam"
    score = 3


class RunFactory(DjangoModelFactory):
    """A stored run. Its figures are made up: `recompute` makes true ones."""

    class Meta:
        model = segmentation.Run

    as_of = TODAY
    policy = factory.LazyFunction(lambda: firm.Policy.objects.get(version=1))
    started_at = factory.LazyFunction(timezone.now)
    finished_at = factory.LazyFunction(timezone.now)
    basis = "income"
    trend_basis = "income"
    is_comparable = True
    changed = 0
    summary = {"population": 0}
    facts = {}
    steps = {}


class StandingHistoryFactory(DjangoModelFactory):
    """What a run stored of an account that stands alone in its group."""

    class Meta:
        model = segmentation.StandingHistory

    run = factory.SubFactory(RunFactory)
    as_of = factory.SelfAttribute("run.as_of")
    account = factory.SubFactory(AccountFactory)
    group = factory.SelfAttribute("account")
    turnover = income = basis = Decimal("100.0000")
    previous_turnover = previous_income = previous = before = Decimal(0)
    rank = income_rank = turnover_rank = factory.Sequence(lambda n: n + 1)
    share = income_share = turnover_share = group_share = Decimal(1) / 3
    abc = income_abc = turnover_abc = "A"
    core = income_core = turnover_core = True
    band = income_band = turnover_band = "none"
    key = False
    trend = "new"
    purchase_months = 1
    segment = computed_segment = "typical"
    lines = 1
    uncosted_lines = 0
    uncosted = Decimal(0)
    disputed = False


class FlagFactory(DjangoModelFactory):
    class Meta:
        model = segmentation.Flag

    kind = "lost"
    evidence = {"last": "2023-01-31"}
    account = factory.SubFactory(AccountFactory)
    severity = segmentation.Flag.Severity.MEDIUM
    policy = factory.LazyFunction(lambda: firm.Policy.objects.get(version=1))
    raised_on = TODAY
    held_on = TODAY
    checked_on = TODAY


class WebhookFactory(DjangoModelFactory):
    class Meta:
        model = firm.Webhook

    owner = factory.SubFactory(UserFactory, roles=["administrator"])
    address = "https://hooks.example.com/kam"
    topics = factory.LazyFunction(lambda: list(firm.Topic.values))


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = firm.Delivery

    webhook = factory.SubFactory(WebhookFactory)
    topic = "account.changed"
