"""What the card of an account opens with: where it stands on a day, and since when."""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.narrowing import higher
from firm.today import read_day

KEY_GROUNDS = {"band": _("share"), "amount": _("amount"), "qualification": _("approval")}
# The figure that a flag of a kind stands on.
FIGURES = {"dependency": "group_share", "unrated": "prospects", "disputed": "prospects"}
# Change that is worth a colour, as a fraction.
TELLING = 0.1


def run_of(asked):
    """The run of the day that `asked` names, without one the newest; None where none ran."""
    runs = higher("standing_history", "run").objects.defer("steps", "summary")
    return runs.asked_for(asked and read_day(asked))


def standing_on(account, run):
    """What was stored of `account` for the day of `run`, or None."""
    if run is None:
        return None
    return account.standing_history.select_related("group").filter(as_of=run.as_of).first()


def figures_of(account, run, standing):
    """The share's limit, the margin and its change, and why the account is key since when."""
    if standing is None:
        return {}
    return {
        "limit": limit_of(standing, run.policy),
        "change": change(standing, run),
        "margin": margin(standing),
        "key_since": key_since(standing, run.as_of),
        "key_grounds": [KEY_GROUNDS[word] for word in standing.key_by.split("+") if word],
    }


def open_flags(account, standing, user):
    """Open flags of the account and of its group, the worst first, of those `user` may see."""
    flags = list(account.flags.open().ranked())
    if standing and standing.group_id != account.pk:
        flags += standing.group.flags.visible_to(user).open().ranked()
    for flag in flags:
        flag.figure = FIGURES.get(flag.kind, "trend")
    return sorted(flags, key=lambda flag: -flag.severity)


def limit_of(standing, policy):
    """The limit that the group's share is over; the first one where it is over none."""
    limits = {"critical": policy.critical_share, "mono": policy.mono_share}
    return limits.get(standing.band, policy.key_share)


def change(standing, run):
    """Growth of the gross margin on the previous window; None where it means nothing."""
    now, before = standing.income, standing.previous_income
    if before <= 0 or not run.is_comparable:
        return None
    grown = (now - before) / before
    tone = "good" if grown > TELLING else "bad" if grown < -TELLING else ""
    return {"grown": grown, "tone": tone}


def margin(standing):
    """Gross margin as a part of the revenue whose cost is known."""
    costed = standing.turnover - standing.uncosted
    return standing.income / costed if costed > 0 else None


def key_since(standing, day):
    """Since when the group is treated as key on `day`, or None."""
    period = standing.group.key_periods.filter(
        Q(ended_on=None) | Q(ended_on__gt=day), since__lte=day
    ).first()
    return period and period.since


def addresses(pk, asked):
    """Where the panels are loaded from and where a figure is explained, of the same day."""
    day = f"as_of={asked}" if asked else ""
    panels = {name.split(":")[1]: reverse(name, args=[pk]) for name in settings.ACCOUNT_PANELS}
    return {
        "panels": {name: f"{url}?{day}" if day else url for name, url in panels.items()},
        "explained": f"{reverse(settings.ACCOUNT_EXPLANATION, args=[pk])}?{day}{'&' * bool(day)}",
    }
