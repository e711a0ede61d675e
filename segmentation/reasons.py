"""Why a flag stands, one sentence a kind. The evidence fills it in."""

from django.utils.translation import gettext_noop

REASONS = {
    "dependency": gettext_noop(
        "%(account)s brings %(share)s %% of the company's %(basis)s, "
        "over the limit of %(limit)s %%."
    ),
    "concentrated": gettext_noop(
        "Key clients together bring %(share)s %% of %(basis)s, over the alarm of %(limit)s %%."
    ),
    "basis_changed": gettext_noop(
        "The run stands on %(now)s, the one before stood on %(before)s: shares do not compare."
    ),
    "feed_stale": gettext_noop("No bookings since %(last)s."),
    "unassigned": gettext_noop(
        "%(share)s %% of revenue stands on no account, over the limit of %(limit)s %%: "
        "shares are of what is assigned."
    ),
    "rate_missing": gettext_noop("%(lines)s ledger lines wait for an exchange rate."),
    "declining": gettext_noop(
        "%(account)s lost %(loss)s of %(basis)s against the window before: "
        "%(now)s after %(before)s."
    ),
    "order_overdue": gettext_noop(
        "%(account)s has bought nothing for %(days)s days; it used to buy every %(gap)s days."
    ),
    "lost": gettext_noop("%(account)s has bought nothing since %(last)s."),
    "unrated": gettext_noop("Nobody has rated the prospects of %(account)s, class %(abc)s."),
    "disputed": gettext_noop(
        "The account manager rates %(account)s %(kam)s, the sales head %(head)s: settle it."
    ),
}
