"""Says of each figure what it is made of, how it compares, and with which policy."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Account
from firm.models import Policy, User
from firm.templatetags.figures import full_day, plain
from segmentation.answers import answered
from segmentation.explaining.amounts import tell_income, tell_share, tell_turnover
from segmentation.explaining.dependence import tell_band, tell_key
from segmentation.explaining.group import group_of, members
from segmentation.explaining.lines import ledger_lines, lines_of
from segmentation.explaining.outlook import tell_prospects, tell_trend
from segmentation.explaining.places import tell_class, tell_core
from segmentation.explaining.segment import tell_segment
from segmentation.proofs import checks, left_out, totals
from segmentation.reading import NoRun, Reading, computed, stored

RULES = "docs/method.md#1-exact-rules"

# Every figure of an account, in the order in which it is told.
FIGURES = (
    tell_segment,
    tell_band,
    tell_key,
    tell_share,
    tell_class,
    tell_core,
    tell_trend,
    tell_prospects,
    tell_turnover,
    tell_income,
)

__all__ = ["NoRun", "explain", "explain_computed", "ledger_lines", "tell"]


def explain(
    account: Account, *, as_of: date | None = None, viewer: User | None = None
) -> dict[str, Any]:
    """The standing of `account` on a stored day, explained; without a day on the newest.

    Every figure names its value, unit, formula, limit and exact inputs; amounts are in the
    reporting currency. What `viewer` may not see of the group is one row. Raises NoRun.
    """
    return tell(stored(account, as_of), viewer)


def explain_computed(account: Account, as_of: date) -> dict[str, Any]:
    """The same, computed from today's ledger for a day that nobody has stored."""
    with computed(account, as_of) as reading:
        return tell(reading, None)


def tell(reading: Reading, viewer: User | None) -> dict[str, Any]:
    """The whole explanation of one account on one day, in words and exact inputs."""
    windows, row = reading.windows, reading.row
    explanation = {
        "account": {
            "id": reading.account.pk,
            "ref": reading.account.account_ref,
            "name": reading.account.name,
        },
        "group": row and group_of(reading, viewer),
        "as_of": reading.as_of.isoformat(),
        "run": reading.run and reading.run.pk,
        "stored": reading.run is not None,
        "policy": reading.policy.version,
        "currency": reading.facts["currency"],
        "window": between(windows.window_after, windows.as_of),
        "previous_window": between(windows.previous_after, windows.window_after),
        "rules": RULES,
        "basis": reading.basis,
        "basis_sentence": basis_sentence(reading),
        "figures": [],
        "members": [],
        "lines": lines_of(reading),
        "totals": None,
        "left_out": left_out(reading),
        "checks": checks(reading),
    }
    if row is None:
        explanation["basis_sentence"] = _(
            "%(account)s has no standing on %(day)s: no entry in the %(months)s months before."
        ) % {
            "account": reading.account,
            "day": full_day(reading.as_of),
            "months": reading.policy.active_months,
        }
        return explanation
    explanation["members"] = members(reading, viewer)
    explanation["figures"] = [
        answered(reading, tell_figure(reading), explanation["group"]["name"])
        for tell_figure in FIGURES
    ]
    explanation["totals"] = totals(reading)
    return explanation


def between(after: date, until: date) -> dict[str, str]:
    return {"after": after.isoformat(), "until": until.isoformat()}


def basis_sentence(reading: Reading) -> str:
    """Which of the two bases decides, and why."""
    facts, policy = reading.facts, reading.policy
    told = {
        "uncosted": plain(facts["uncosted_percent"], 4).rstrip("0").rstrip(".,"),
        "limit": plain(policy.max_uncosted_share, "free"),
        "products": ", ".join(facts["uncosted_product_lines"]),
    }
    if reading.basis != policy.basis:
        text = _(
            "Revenue is the basis: %(uncosted)s %% of the window's revenue has no cost, "
            "over %(limit)s %%."
        )
        lacking = _(" Most cost is missing on %(products)s.") if told["products"] else ""
        return (text + lacking) % told
    if reading.basis == Policy.Basis.INCOME:
        return (
            _(
                "Gross margin is the basis: %(uncosted)s %% of the window's revenue has no cost, "
                "not over %(limit)s %%."
            )
            % told
        )
    return _("Revenue is the basis, by the policy.")
