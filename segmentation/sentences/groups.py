"""On which groups the firm depends, one by one and all together."""

from collections import defaultdict
from decimal import Decimal

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firm.templatetags.figures import percent_sign, plain
from segmentation.limits import limits_of
from segmentation.models import Band
from segmentation.sentences.sentence import (
    ALARM,
    NOTE,
    WARNING,
    Sentence,
    accounts_with,
    explained,
    limit,
)


def dependency(run, banded, names):
    """A sentence for each band that holds a group."""
    groups = defaultdict(list)
    for group in banded:
        groups[group.band].append(group)
    for band, over in reversed(limits_of(run.policy).items()):
        if groups[band]:
            yield Sentence(
                WARNING if band == Band.KEY else ALARM,
                in_the_band(band, len(groups[band])),
                ngettext(
                    "%(groups)s of %(basis)s, over the limit of %(limit)s.",
                    "%(groups)s of %(basis)s, each over the limit of %(limit)s.",
                    len(groups[band]),
                )
                % {
                    "groups": capfirst(", ".join(named(g, names) for g in groups[band])),
                    "basis": run.get_basis_display(),
                    "limit": limit(over),
                },
                *secure(band, groups[band], names),
            )


def secure(band, groups, names):
    """Opens the one account, or the list of those in the band."""
    accounts = [names[group.pk][1] for group in groups if names[group.pk][1]]
    if not accounts:
        return _("Explain"), explained("key_total")
    if len(groups) == 1:
        return _("Open account"), reverse("accounts:card", args=accounts)
    return _("Show the accounts"), accounts_with(band=band.value)


def in_the_band(band, count):
    titles = {
        Band.MONO: ngettext(
            "One group is a mono-client.", "%(n)s groups are mono-clients.", count
        ),
        Band.CRITICAL: ngettext("One group is critical.", "%(n)s groups are critical.", count),
        Band.KEY: ngettext(
            "One group is key by its share.", "%(n)s groups are key by their share.", count
        ),
    }
    return titles[band] % {"n": count}


def named(group, names):
    name, _opens = names[group.pk]
    known = name or _("a group outside your accounts")
    return f"{known} {percent_sign(group.share)}"


def key_total(run):
    policy, facts = run.policy, run.facts
    share, whole = Decimal(facts["key_sum"]) * 100, Decimal(facts["group_total"])
    values = {
        "share": percent_sign(run.summary["key_total"]),
        "basis": run.get_basis_display(),
        "low": plain(policy.key_total_low, "free"),
        "high": limit(policy.key_total_high),
        "alarm": limit(policy.key_total_alarm),
    }
    if not whole:
        yield Sentence(
            NOTE,
            _("No share is defined."),
            _("No account has a positive %(basis)s in the window.") % values,
            _("Explain"),
            explained("total"),
        )
    elif facts["concentrated"]:
        yield Sentence(
            ALARM,
            _("The portfolio is concentrated."),
            _(
                "Key clients together bring %(share)s of %(basis)s, over the alarm of %(alarm)s: "
                "secure them, and go deeper into typical clients."
            )
            % values,
            _("Typical clients"),
            accounts_with(segment="typical"),
        )
    elif share > policy.key_total_high * whole:
        yield Sentence(
            WARNING,
            _("Key clients together are above the usual band."),
            _(
                "%(share)s of %(basis)s against %(low)s–%(high)s: secure them, and go deeper "
                "into typical clients."
            )
            % values,
            _("Typical clients"),
            accounts_with(segment="typical"),
        )
    elif share < policy.key_total_low * whole:
        yield Sentence(
            NOTE,
            _("Key clients together are below the usual band."),
            _("%(share)s of %(basis)s against %(low)s–%(high)s.") % values,
            _("Explain"),
            explained("key_total"),
        )
