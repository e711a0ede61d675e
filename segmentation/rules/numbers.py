"""Every number of the policy in its group, with what it does in one sentence."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from firm.models import Policy
from firm.templatetags.figures import plain

ABOUT = {"id", "version", "valid_from", "reason", "author", "created_at"}
# Set by the first import, and never again: stored amounts are in it.
FIXED = "reporting_currency"


@dataclass(frozen=True)
class Group:
    code: str
    label: str | Promise
    numbers: dict[str, str | Promise]


GROUPS = (
    Group(
        "windows",
        _("Windows and basis"),
        {
            "reporting_currency": _("Every line is converted into it when it is stored."),
            "basis": _("What rank, share, class and band are taken on; the other stands beside."),
            "window_months": _("Figures add up the months that end with the as-of day."),
            "active_months": _("An account counts while it has a line in these months."),
            "trend_change": _("Growth or decline against the window before must be greater."),
            "max_loss_share": _("Greater losses are said in a sentence beside every share."),
        },
    ),
    Group(
        "classes",
        _("Classes"),
        {
            "abc_a": _("The largest accounts that together reach this share are class A."),
            "abc_b": _("The next ones up to this share are class B, the rest is class C."),
            "vip_core": _("The largest accounts that together reach this share form the core."),
        },
    ),
    Group(
        "bands",
        _("Dependency bands"),
        {
            "key_share": _("A group with a greater share of the total is key."),
            "critical_share": _("A group with a greater share is critical."),
            "mono_share": _("A group with a greater share makes us a firm of one client."),
            "key_amount": _("A group that brings more is key whatever its share; empty for none."),
            "key_exit_days": _("A group stays key this long after its last ground has gone."),
            "key_total_low": _("Below it the clients are many and small."),
            "key_total_high": _("Above it few clients carry the firm."),
            "key_total_alarm": _("Above it the flag of a concentrated portfolio is raised."),
            "key_total_min_groups": _("With fewer groups that earn, the alarm says nothing."),
        },
    ),
    Group(
        "segments",
        _("Segments"),
        {
            "vip_prospects": _("A client of the core is VIP from these prospects on."),
            "strategic_prospects": _("Outside the core a client is strategic from these on."),
            "ballast_prospects": _("Ballast is only who has these prospects or fewer, or none."),
            "one_off_months": _("Ballast bought in at most so many months of the window."),
            "ballast_grace_days": _("A newcomer is no ballast before so many days."),
            "disputed_gap": _("A manager and a head this far apart must agree."),
            "rerate_days": _("Older prospects are shown grey and asked for again."),
            "rerate_days_watched": _("VIP and strategic clients are looked at more often."),
        },
    ),
    Group(
        "mix",
        _("Target mix"),
        {
            "mix_vip_clients": _("So many VIPs are in range however few accounts there are."),
            "mix_vip": _("More VIPs than this, and more than the count above, are too many."),
            "mix_strategic_low": _("Fewer strategic clients leave the future thin."),
            "mix_strategic_high": _("More strategic clients than this spread care thin."),
            "mix_typical_low": _("Fewer typical clients than this are a narrow foot."),
            "mix_typical_high": _("More typical clients than this are undeveloped."),
            "mix_ballast": _("More ballast calls for a reactivation campaign."),
            "mix_min_accounts": _("The mix of a smaller population is not judged."),
            "mix_min_rated": _("Nor is it while fewer of the large accounts are rated."),
            "flat_portfolio_clients": _("From so many on, too many VIPs mean a flat portfolio."),
        },
    ),
    Group(
        "flags",
        _("Flags"),
        {
            "watch_share": _("A lost client that brought more is still watched."),
            "declining_share": _("A smaller fall raises no flag."),
            "declining_quiet_runs": _("The flag of a decline clears after so many calm nights."),
            "overdue_purchase_days": _("With fewer days of purchase there is no rhythm to miss."),
            "overdue_min_days": _("A shorter silence is never overdue."),
            "overdue_gaps": _("Overdue is a silence of so many usual gaps between orders."),
            "lost_grace_days": _("Time for a late order before the loss is told."),
            "flag_return_days": _("A flag that comes back sooner is no news."),
            "acknowledged_days": _("It comes back after this unless it got worse before."),
            "acknowledged_days_critical": _("Critical flags come back sooner."),
            "worsened_share": _("A resting flag comes back at once when it got so much worse."),
            "gaps_per_week": _("Missing ratings come as a queue, never as a flood."),
        },
    ),
    Group(
        "money",
        _("Managers, money and time"),
        {
            "max_key_accounts": _("One more needs the exception of a head."),
            "min_order": _("Clients without a larger order go to the hand-over queue."),
            "min_margin": _("A lower rate of margin is looked at."),
            "late_days": _("An average delay over this is a late payer."),
            "min_contacts": _("Fewer people known there are a risk."),
            "target_contacts": _("So many people should know us there."),
            "tender_lead_months": _("Work on a tender begins so long before its day."),
            "first_call_days": _("Whoever got a proposal is called by then."),
            "routing_headcount": _("A larger company goes straight to an account manager."),
        },
    ),
    Group(
        "feeds",
        _("Feeds"),
        {
            "max_uncosted_share": _("With more lines without a cost, revenue is the basis."),
            "max_unassigned": _("More revenue without an account raises a flag."),
            "max_rate_age": _("A line without a rate so fresh waits for one."),
            "max_feed_age": _("With an older last booking the ledger feed is stale."),
        },
    ),
)
NAMES = [name for group in GROUPS for name in group.numbers]
CHOSEN = [name for name in NAMES if name != FIXED]


def label_and_unit(name: str) -> tuple[str, str]:
    """The field's label, and its unit: what stands after the label's last comma."""
    label, *unit = re.split(r"\s*[,\uff0c]\s*(?=[^,\uff0c]*$)", str(field(name).verbose_name))
    return capfirst(label), unit[0] if unit else ""


def field(name: str):
    return Policy._meta.get_field(name)


def shown(policy: Policy, name: str) -> str:
    """A number of a version as people read it."""
    value = getattr(policy, name)
    if field(name).choices:
        return getattr(policy, f"get_{name}_display")()
    if value is None:
        return "–"
    return plain(value, "free") if isinstance(value, int | Decimal) else str(value)


def rows(policy: Policy) -> list[dict]:
    """The groups with label, value, unit and meaning of each number."""
    return [
        {
            "code": group.code,
            "label": group.label,
            "numbers": [
                dict(zip(("label", "unit"), label_and_unit(name), strict=True))
                | {"value": shown(policy, name), "says": says}
                for name, says in group.numbers.items()
            ],
        }
        for group in GROUPS
    ]


def differences(before: Policy, after: Policy) -> list[dict]:
    """What a version changed: label, unit, the number before and after."""
    return [
        dict(zip(("label", "unit"), label_and_unit(name), strict=True))
        | {"before": shown(before, name), "after": shown(after, name)}
        for name in NAMES
        if getattr(before, name) != getattr(after, name)
    ]
