"""A department where the colleagues of the matrix do not work, and everything in it."""

import io
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from accounts.imports.actions import receive
from accounts.models import Account, LedgerImport
from firm.models import Department, Notification, User
from segmentation.models import Flag, PolicyDraft, Run
from segmentation.nightly import recompute
from tests.factories import (
    TODAY,
    AccountFactory,
    DepartmentFactory,
    EntryFactory,
    UserFactory,
)
from tests.ledgers import HEADER

# Stands in every answer that shows the account, and nowhere else.
TRACE = "Zanzibar Rivets"
ABSENT = 2_000_000_000


def a_draft(owner):
    """A file that was sent and not started, with a row that an earlier try rejected."""
    text = f"{HEADER}\n{TRACE},2024-02-29,1,,EUR,INV-2,1\n"
    imported = receive(
        stream=io.BytesIO(text.encode()), file_name=f"{TRACE}.csv", source="erp", by=owner
    )
    imported.rejected_rows.create(
        row=2,
        values={"account_ref": TRACE},
        problems=[{"field": "revenue", "value": "", "message": "an amount is needed"}],
    )
    return imported


@dataclass
class Elsewhere:
    """One account with all that a route may show of it."""

    above: Department
    department: Department
    owner: User
    account: Account
    run: Run
    draft: PolicyDraft
    flag: Flag
    notice: Notification
    imported: LedgerImport

    @classmethod
    def make(cls):
        above = DepartmentFactory()
        department = DepartmentFactory(parent=above)
        owner = UserFactory(roles=["kam"], department=department)
        account = AccountFactory(
            account_ref=TRACE,
            name=TRACE,
            legal_name=f"{TRACE} Ltd",
            tax_number="ZR-1",
            industry="rivets",
            country="Zanzibar",
            owner=owner,
        )
        line = EntryFactory(account=account, document="ZR-INV-1")
        line.source.control_totals.create(month=TODAY.replace(day=1), currency="EUR", revenue=1)
        run = recompute(TODAY)
        draft = PolicyDraft.objects.create(
            base=run.policy,
            numbers={"abc_a": "70"},
            valid_from=TODAY + timedelta(days=1),
            reason="Fewer of class A.",
            author=owner,
        )
        flag = account.flags.get(kind=Flag.Kind.DEPENDENCY)
        notice = owner.notifications.get(subject=f"flag:{flag.pk}")
        imported = a_draft(owner)
        return cls(above, department, owner, account, run, draft, flag, notice, imported)

    @cached_property
    def total(self):
        """The control total of the line's month, as it was."""
        return self.account.entries.get().source.control_totals.get()

    @cached_property
    def words(self):
        """What a reader who is not to see the account could ask for."""
        account = self.account
        return [
            account.name,
            account.legal_name,
            account.tax_number,
            account.industry,
            account.country,
            "ZR-INV-1",
        ]
