"""What the mix of segments says, or why it says nothing."""

from django.utils.translation import gettext as _

from firm.templatetags.figures import plain
from segmentation.sentences.sentence import NOTE, WARNING, Sentence, accounts_with, limit, rule


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
