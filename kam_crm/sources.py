"""What can be imported: the plain list that the import desk reads."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from accounts.importers import accounts, ledger, rates, totals
from accounts.importers.accounts import checker
from accounts.imports.columns import (
    ACCOUNT_COLUMNS,
    LEDGER_COLUMNS,
    RATE_COLUMNS,
    TOTAL_COLUMNS,
)
from accounts.imports.targets import Target
from segmentation.importers.columns import JUDGEMENT_COLUMNS
from segmentation.importers.judgement import JUDGEMENT

TARGETS = [
    Target(
        code="ledger",
        label=_("Ledger lines"),
        icon="receipt",
        columns=LEDGER_COLUMNS,
        check=ledger.shape_check,
        take=ledger.take_file,
        counts={
            "lines": _("lines"),
            "created": _("created"),
            "corrected": _("corrected"),
            "unchanged": _("unchanged"),
            "voided": _("voided"),
            "rejected": _("rejected"),
            "unassigned": _("without an account"),
            "unconverted": _("without a rate"),
        },
        options=("currency", "whole_documents"),
    ),
    Target(
        code="accounts",
        label=_("Accounts"),
        icon="building-factory-2",
        columns=(*ACCOUNT_COLUMNS, *JUDGEMENT_COLUMNS),
        check=checker(JUDGEMENT),
        take=partial(accounts.take_file, extra=JUDGEMENT),
        counts={
            "rows": _("rows"),
            "created": _("created"),
            "updated": _("updated"),
            "unchanged": _("unchanged"),
            "rejected": _("rejected"),
        },
    ),
    Target(
        code="rates",
        label=_("Exchange rates"),
        icon="currency-euro",
        columns=RATE_COLUMNS,
        check=lambda _present: rates.check,
        take=rates.take_file,
        counts={
            "rows": _("rows"),
            "created": _("created"),
            "corrected": _("corrected"),
            "unchanged": _("unchanged"),
            "rejected": _("rejected"),
        },
    ),
    Target(
        code="control_totals",
        label=_("Control totals of months"),
        icon="checklist",
        columns=TOTAL_COLUMNS,
        check=totals.shape_check,
        take=totals.take_file,
        counts={
            "rows": _("rows"),
            "created": _("created"),
            "corrected": _("corrected"),
            "unchanged": _("unchanged"),
            "rejected": _("rejected"),
        },
    ),
]
