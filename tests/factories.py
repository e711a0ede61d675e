"""Test objects with one line each."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from accounts import models as accounts
from firm import models as firm
from segmentation import models as segmentation

TODAY = date(2024, 2, 29)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = firm.User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Colleague {n}")
    email = factory.Sequence(lambda n: f"colleague{n}@example.com")
    password = factory.django.Password("a long enough secret")

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
