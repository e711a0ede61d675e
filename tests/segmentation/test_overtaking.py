"""What it takes to be of another class or in the core, against plain arithmetic and the night."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import LedgerEntry
from firm.models import Policy
from segmentation.changes import CHANGES, out_of_reach
from segmentation.explain import explain, explain_computed
from segmentation.limits import CENT
from segmentation.models import StandingHistory
from segmentation.nightly import recompute
from segmentation.reading import stored
from tests.factories import AccountFactory, EntryFactory, UserFactory
from tests.segmentation.test_arithmetic import REFS, TODAY, class_of

pytestmark = pytest.mark.django_db

# Ties, whole cents and parts of them, one account that outweighs all, losses.
amounts = st.one_of(
    st.sampled_from([Decimal(text) for text in ("-20", "0", "0.01", "10", "10.00", "50", "1000")]),
    st.decimals(min_value=-5, max_value=60, places=4),
)
ledgers = st.dictionaries(st.sampled_from(REFS), amounts, min_size=1)
POLICY = {"abc_a": Decimal(80), "abc_b": Decimal(95), "vip_core": Decimal(50)}


def ledger(bases):
    return {ref: book(AccountFactory(account_ref=ref), basis) for ref, basis in bases.items()}


def book(account, amount):
    EntryFactory(account=account, booked_on=TODAY, revenue=amount, cost=0)
    return account


def told(explanation, name):
    return next(figure for figure in explanation["figures"] if figure["name"] == name)


def changes(account, name):
    return amounts_of(CHANGES[name](stored(account, None)))


def amounts_of(rows):
    return {row["then"]: row["by"] for row in rows}


def judged(bases, ref):
    """The class and the core of an account by the rule, as the explanation calls them."""
    order = sorted(bases, key=lambda each: (-bases[each], each))
    ahead = sum(max(bases[each], 0) for each in order[: order.index(ref)])
    total = sum(max(basis, 0) for basis in bases.values())
    core = bases[ref] > 0 and ahead * 100 < POLICY["vip_core"] * total
    return {
        "abc": f"class {class_of(bases[ref], ahead, total)}",
        "core": "in the core" if core else "not in the core",
    }


def moved(bases, ref, by):
    return bases | {ref: bases[ref] + by}


WORDS = {"abc": {"class A", "class B", "class C"}, "core": {"in the core", "not in the core"}}


def assert_exact(bases, ref, account):
    reading = stored(account, None)
    for name, words in WORDS.items():
        here = judged(bases, ref)[name]
        amounts = amounts_of(CHANGES[name](reading))
        for then, by in amounts.items():
            by = Decimal(by)
            assert judged(moved(bases, ref, by), ref)[name] == then
            nearer = by - CENT if by > 0 else by + CENT
            assert judged(moved(bases, ref, nearer), ref)[name] != then
        unreached = words - {here} - set(amounts)
        assert len(out_of_reach(name, reading)) == len(unreached)
        for then in unreached:
            assert_unreached(bases, ref, name, then)


def assert_unreached(bases, ref, name, then):
    """Nowhere round what the others bring, and nowhere round the limits between them."""
    others = sum(max(basis, 0) for each, basis in bases.items() if each != ref)
    behind = sorted({basis for each, basis in bases.items() if each != ref and basis > 0})
    sums = [sum(behind[place:]) for place in range(len(behind))] + [others]
    at = [100 * part / limit - others for part in sums for limit in POLICY.values()]
    for basis in [0, *behind, *at]:
        near = (basis - bases[ref]).quantize(CENT) if basis else -bases[ref].quantize(CENT)
        for by in (near - CENT, near, near + CENT):
            assert judged(moved(bases, ref, by), ref)[name] != then


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ledgers)
def test_class_and_core_change_exactly_at_the_amount_and_not_a_cent_before(bases):
    with transaction.atomic():
        accounts = ledger(bases)
        recompute(TODAY)

        for ref, account in accounts.items():
            assert_exact(bases, ref, account)
        transaction.set_rollback(True)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ledgers, st.data())
def test_the_night_after_the_change_says_what_was_foretold(bases, data):
    with transaction.atomic():
        account = data.draw(st.sampled_from(list(ledger(bases).values())))
        recompute(TODAY)
        name = data.draw(st.sampled_from(sorted(WORDS)))
        foretold = changes(account, name)
        if foretold:
            then, by = data.draw(st.sampled_from(sorted(foretold.items())))
            entry = LedgerEntry.objects.get(account=account)
            by = Decimal(by)

            assert after_the_night(account, entry, by, name) == then
            nearer = by - CENT if by > 0 else by + CENT
            assert after_the_night(account, entry, nearer, name) != then
        transaction.set_rollback(True)


def after_the_night(account, entry, by, name):
    """The class or the core once the account's lines bring `by` more."""
    extra = EntryFactory(account=account, booked_on=TODAY, revenue=by, cost=0)
    recompute(TODAY)
    row = StandingHistory.objects.get(account=account, as_of=TODAY)
    extra.delete()
    if name == "abc":
        return f"class {row.abc}"
    return "in the core" if row.core else "not in the core"


def test_an_equal_basis_passes_by_reference():
    accounts = ledger({"A1": Decimal(100), "B1": Decimal(10), "C1": Decimal(10)})
    recompute(TODAY)

    assert changes(accounts["B1"], "core") == {"in the core": "80.01"}
    assert changes(accounts["A1"], "core") == {"not in the core": "-90.01"}


def test_the_only_account_is_class_a_until_it_brings_nothing():
    account = book(AccountFactory(), 100)
    recompute(TODAY)

    assert changes(account, "abc") == {"class C": "-100.00"}
    assert told(explain(account), "abc")["out_of_reach"] == [
        "No amount makes it class B while everything else is unchanged."
    ]
    assert changes(account, "core") == {"not in the core": "-100.00"}


def test_no_amount_leads_into_a_core_that_the_policy_has_closed():
    Policy.objects.create(version=2, valid_from=TODAY, reason="No core.", vip_core=0)
    account = book(AccountFactory(), 100)
    recompute(TODAY)

    assert changes(account, "core") == {}
    assert told(explain(account), "core")["out_of_reach"] == [
        "No amount brings it into the core while everything else is unchanged."
    ]


def test_a_day_that_nobody_stored_foretells_the_same():
    accounts = ledger({"A1": Decimal(60), "B1": Decimal("30.005"), "C1": Decimal(10)})
    recompute(TODAY)

    for account in accounts.values():
        computed = explain_computed(account, TODAY)
        for name in WORDS:
            assert changes(account, name) == amounts_of(told(computed, name)["changes"])


def test_nobody_else_is_named():
    mine = AccountFactory(owner=UserFactory(roles=["kam"]))
    book(mine, 10)
    book(AccountFactory(name="Hidden Works", account_ref="HIDDEN"), 100)
    recompute(TODAY)

    explanation = explain(mine, viewer=UserFactory(roles=["kam"]))

    assert told(explanation, "abc")["changes"]
    assert "hidden" not in str(explanation["figures"]).lower()
