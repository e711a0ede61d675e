"""How far the ledger behind the figures can be relied on."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firm.templatetags.figures import Unit, amount_of, full_day, plain
from segmentation.sentences.sentence import ALARM, NOTE, WARNING, Sentence, explained, limit, rule


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
