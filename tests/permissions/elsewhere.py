"""A department where the colleagues of the matrix do not work, and everything in it."""

import io
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from accounts.imports.actions import receive
from accounts.models import (
    Account,
    AssignmentRule,
    ControlTotal,
    ExchangeRate,
    LedgerImport,
)
from firm.models import ApiToken, Delivery, Department, Notification, User
from segmentation.models import Flag, PolicyDraft, Run
from segmentation.nightly import recompute
from tests.factories import (
    TODAY,
    AccountFactory,
    DeliveryFactory,
    DepartmentFactory,
    EntryFactory,
    LedgerImportFactory,
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
    failed_import: LedgerImport
    rule: AssignmentRule
    rate: ExchangeRate
    total: ControlTotal
    token: ApiToken
    delivery: Delivery

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
        entry = EntryFactory(account=account, document="ZR-INV-1")
        rule = account.assignment_rules.create(source=entry.source, kind="document", text="ZR")
        rate = ExchangeRate.objects.create(currency="USD", day=TODAY, rate="0.9")
        total = entry.source.control_totals.create(
            month=TODAY.replace(day=1), currency="EUR", revenue=1
        )
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
        failed_import = LedgerImportFactory(file_name=f"{TRACE}.csv", state="failed")
        failed_import.rejected_rows.create(row=2, values={"account_ref": TRACE}, problems=[])
        token, _secret = ApiToken.objects.create(owner, name=TRACE)
        delivery = DeliveryFactory(
            webhook__description=TRACE, webhook__topics=["run.finished"], body=TRACE, detail=TRACE
        )
        return cls(
            above=above,
            department=department,
            owner=owner,
            account=account,
            run=run,
            draft=draft,
            flag=flag,
            notice=notice,
            imported=a_draft(owner),
            failed_import=failed_import,
            rule=rule,
            rate=rate,
            total=total,
            token=token,
            delivery=delivery,
        )

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
