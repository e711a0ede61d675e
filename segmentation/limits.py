"""What it would take to cross a limit: exact amounts, to the cent on the safe side.

A share is `basis / (basis + others)`, where `others` is what all the others with a positive
basis bring; it is over a limit when it is greater, never when it meets it.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from firm.models import Policy
from segmentation.models import Band

CENT = Decimal("0.01")


def limits_of(policy: Policy) -> dict[Band, Decimal]:
    """The percentages over which a group is in each band, the lowest first."""
    return {
        Band.KEY: policy.key_share,
        Band.CRITICAL: policy.critical_share,
        Band.MONO: policy.mono_share,
    }


def band_at(basis: Decimal, others: Decimal, limits: dict[Band, Decimal]) -> Band:
    """The band of a basis beside others: strictly over its limit, by products as the nightly run
    compares them."""
    found = Band.NONE
    for band, limit in limits.items():
        if basis > 0 and basis * 100 > limit * (basis + others):
            found = band
    return found


def meeting(others: Decimal, limit: Decimal) -> Decimal | None:
    """The basis whose share is exactly `limit` percent; None where no basis is over it."""
    return None if limit >= 100 else limit * others / (100 - limit)


def less_by(basis: Decimal, others: Decimal, limit: Decimal) -> Decimal:
    """The least decrease of a basis over `limit` after which its share is not over it."""
    with localcontext(prec=60):
        return (basis - (meeting(others, limit) or 0)).quantize(CENT, ROUND_CEILING)


def more_than(basis: Decimal, others: Decimal, limit: Decimal) -> Decimal | None:
    """The greatest increase with which the share is not over `limit`; a cent more, and it is."""
    with localcontext(prec=60):
        at = meeting(others, limit)
        return None if at is None else (at - basis).quantize(CENT, ROUND_FLOOR)


def others_more_by(basis: Decimal, others: Decimal, limit: Decimal) -> Decimal | None:
    """The least growth of all others after which a positive `basis` is not over `limit`."""
    if not limit:
        return None
    with localcontext(prec=60):
        return (100 * basis / limit - basis - others).quantize(CENT, ROUND_CEILING)


def share_of(basis: Decimal, others: Decimal) -> Decimal | None:
    """The share as a fraction; None where the basis is not positive."""
    return basis / (basis + others) if basis > 0 else None
