"""What the figures of a run say, in sentences, the worst first."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firm.templatetags.figures import Unit, amount_of, full_day, percent_sign, plain
from segmentation.limits import limits_of
from segmentation.models import Band

ALARM, WARNING, NOTE = 3, 2, 1


@dataclass(frozen=True)
class Sentence:
    """What is so, how much hangs on it, and the one thing to do about it."""

    severity: int
    title: str
    text: str
    act: str = ""
    url: str = ""


def accounts_with(**asked):
    """The account list, narrowed."""
    return f"{reverse('accounts:list')}?{urlencode(asked)}"


def explained(figure):
    return reverse("segmentation:explain", args=[figure])


def rule(name):
    return f"{reverse('segmentation:method')}#{name}"


def sentences(run, banded, names):
    """Everything a reader of `run` has to know at once.

    `banded` are its groups in a band; `names` says by their keys what the reader may call them.
    """
    said = [
        *stale_feed(run),
        *dependency(run, banded, names),
        *key_total(run),
        *basis(run),
        *losses(run),
        *left_out(run),
        *mix(run),
        *comparison(run),
    ]
    return sorted(said, key=lambda sentence: -sentence.severity)


def limit(number):
    """A percentage of the policy as people write it: 20 %."""
    return f"{plain(number, 'free')} %"


def stale_feed(run):
    if run.facts["feed_stale"]:
        yield Sentence(
            ALARM,
            _("The ledger feed is stale."),
            _("No bookings since %(day)s, and figures stand still without them.")
            % {"day": full_day(run.facts["ledger_to"])},
            _("Read the rule"),
            rule("window"),
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


def basis(run):
    if run.summary["fell_back_to_turnover"]:
        lines = run.facts["uncosted_product_lines"]
        text = _("%(percent)s of revenue has no cost, over %(limit)s.") % {
            "percent": f"{plain(run.facts['uncosted_percent'], 1)} %",
            "limit": limit(run.policy.max_uncosted_share),
        }
        if lines:
            text += " " + _("Most of it in %(lines)s.") % {"lines": ", ".join(lines)}
        yield Sentence(
            WARNING,
            _("Revenue is the basis, not gross margin."),
            text,
            _("Explain"),
            explained("total"),
        )


def losses(run):
    if run.facts["heavy_losses"]:
        unit = Unit.for_total(run.facts["currency"], run.facts["profits"])
        yield Sentence(
            WARNING,
            _("Losses weigh heavily."),
            _(
                "Shares are of the %(profits)s that profitable accounts earned; "
                "others lost %(losses)s."
            )
            % {
                "profits": amount_of(run.facts["profits"], unit),
                "losses": amount_of(run.facts["losses"], unit),
            },
            _("Explain"),
            explained("total"),
        )


def left_out(run):
    if run.facts["unassigned_over"]:
        yield Sentence(
            WARNING,
            _("Shares are of assigned lines."),
            _("%(percent)s of revenue stands without an account, over %(limit)s.")
            % {
                "percent": f"{plain(run.facts['unassigned_percent'], 1)} %",
                "limit": limit(run.policy.max_unassigned),
            },
            _("Explain"),
            explained("total"),
        )
    waiting = run.facts["unconverted_lines"]
    if waiting:
        yield Sentence(
            WARNING,
            _("An exchange rate is missing."),
            ngettext(
                "%(n)s line waits for a rate and takes no part.",
                "%(n)s lines wait for a rate and take no part.",
                waiting,
            )
            % {"n": plain(waiting)},
            _("Read the rule"),
            rule("currency"),
        )


def mix(run):
    facts = run.facts["mix"]
    if facts["diagnosis"]:
        yield diagnosis(run, facts)
    elif facts["why_not"] == "few":
        yield Sentence(
            NOTE,
            _("The mix is not judged."),
            _("It says something from %(least)s accounts up; there are %(n)s.")
            % {"least": run.policy.mix_min_accounts, "n": facts["population"]},
            _("Read the rule"),
            rule("target-mix"),
        )
    elif facts["why_not"] == "unrated":
        yield Sentence(
            NOTE,
            _("The mix is not judged yet."),
            _("%(rated)s of %(all)s accounts of classes A and B are rated; %(limit)s are needed.")
            % {
                "rated": plain(facts["rated_ab"]),
                "all": plain(facts["ab"]),
                "limit": limit(run.policy.mix_min_rated),
            },
            _("Unrated accounts"),
            accounts_with(flag="unrated"),
        )


def diagnosis(run, facts):
    segment = facts["segments"]["ballast" if facts["diagnosis"] == "ballast" else "vip"]
    values = {
        "n": plain(segment["count"]),
        "all": plain(facts["population"]),
        "high": f"{plain(segment['high'], 1)} %",
        "clients": plain(run.summary["effective_clients"], 1),
    }
    if facts["diagnosis"] == "ballast":
        return Sentence(
            WARNING,
            _("There is too much ballast."),
            _(
                "%(n)s of %(all)s accounts against at most %(high)s: clients are not being "
                "developed, start a reactivation campaign."
            )
            % values,
            _("Show the ballast"),
            accounts_with(segment="ballast"),
        )
    if facts["diagnosis"] == "dependence":
        return Sentence(
            WARNING,
            _("Too many VIPs among too few clients."),
            _(
                "%(n)s VIPs, and the portfolio weighs as much as %(clients)s equal clients: "
                "dependence, go deeper into typical clients."
            )
            % values,
            _("Typical clients"),
            accounts_with(segment="typical"),
        )
    return Sentence(
        WARNING,
        _("The portfolio is flat."),
        _(
            "%(n)s VIPs, and the portfolio weighs as much as %(clients)s equal clients: "
            "VIP treatment is spread thin."
        )
        % values,
        _("Show the VIPs"),
        accounts_with(segment="vip"),
    )


def comparison(run):
    if not run.is_comparable and run.facts["ledger_from"]:
        yield Sentence(
            NOTE,
            _("Trends are not comparable."),
            _("The ledger begins on %(first)s, after the previous window does.")
            % {"first": full_day(run.facts["ledger_from"])},
            _("Read the rule"),
            rule("window"),
        )
