"""What it would take to cross a limit, against plain arithmetic."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from segmentation.limits import CENT, band_at, less_by, meeting, more_than, others_more_by
from segmentation.models import Band

amounts = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(10**12), places=4)
limits = st.decimals(min_value=Decimal("0.5"), max_value=Decimal("99.5"), places=2)


def is_over(basis, others, limit):
    return basis > 0 and basis * 100 > limit * (basis + others)


@given(amounts, amounts, limits)
def test_the_decrease_is_the_least_that_leaves_the_share_not_over_the_limit(basis, others, limit):
    less = less_by(basis, others, limit)

    assert not is_over(basis - less, others, limit)
    assert is_over(basis - less + CENT, others, limit)


@given(amounts, amounts, limits)
def test_the_increase_is_the_most_that_leaves_the_share_not_over_the_limit(basis, others, limit):
    more = more_than(basis, others, limit)

    assert not is_over(basis + more, others, limit)
    assert is_over(basis + more + CENT, others, limit)


@given(amounts, amounts, limits)
def test_the_growth_of_the_others_is_the_least_that_brings_the_share_to_the_limit(
    basis, others, limit
):
    more = others_more_by(basis, others, limit)

    assert not is_over(basis, others + more, limit)
    assert is_over(basis, others + more - CENT, limit)


def test_a_share_that_meets_its_limit_needs_no_decrease_and_a_cent_more_is_over_it():
    basis, others = Decimal(20), Decimal(80)

    assert less_by(basis, others, Decimal(20)) == more_than(basis, others, Decimal(20)) == 0
    assert is_over(basis + CENT, others, Decimal(20))


def test_no_basis_is_over_all_there_is():
    assert meeting(Decimal(80), Decimal(100)) is None
    assert more_than(Decimal(20), Decimal(80), Decimal(100)) is None


def test_the_band_is_the_highest_limit_that_is_passed():
    limits_of_bands = {Band.KEY: Decimal(10), Band.CRITICAL: Decimal(20), Band.MONO: Decimal(70)}

    def band(basis):
        return band_at(Decimal(basis), Decimal(100) - Decimal(basis), limits_of_bands)

    assert [band(10), band(11), band(20), band("20.01"), band(71)] == [
        Band.NONE,
        Band.KEY,
        Band.KEY,
        Band.CRITICAL,
        Band.MONO,
    ]
