"""Random imports and undos, against a ledger kept with pencil and paper."""

from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.actions.imports import outlook, undo
from accounts.models import LedgerEntry, LedgerImport
from tests.factories import UserFactory
from tests.ledgers import feed_rows

KEYS = [(document, line) for document in ("A", "B") for line in ("1", "2")]
VALUES = st.tuples(
    st.sampled_from(["K1", "K2", ""]),
    st.sampled_from(["2024-02-28", "2024-02-29"]),
    st.sampled_from([Decimal(10), Decimal(20)]),
    st.sampled_from([Decimal(5), None]),
)
FILES = st.tuples(
    st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1),
    st.booleans(),
)
# A number is the undo of the import at that place, of those that are there.
STEPS = st.lists(st.one_of(FILES, st.integers(0, 9)), max_size=12)


class Paper:
    """Each line is a pile of sheets, one from each import that changed it; the top one counts."""

    def __init__(self):
        self.piles = defaultdict(list)
        self.undone = set()

    def stands(self):
        return {key: pile[-1][1] for key, pile in self.piles.items() if pile}

    def take_in(self, name, rows, is_whole):
        stored = self.stands()
        if is_whole:
            sent = {document for document, _line in rows}
            for key in stored.keys() - rows.keys():
                if key[0] in sent:
                    account, day, *_amounts = stored[key]
                    rows = rows | {key: (account, day, Decimal(0), Decimal(0))}
        for key, values in rows.items():
            if stored.get(key) != values:
                self.piles[key].append((name, values))

    def take_back(self, name):
        """Counts of what was withdrawn, given back and left."""
        self.undone.add(name)
        counts = {"withdrawn": 0, "restored": 0, "left": 0}
        for pile in self.piles.values():
            if name not in [sheet[0] for sheet in pile]:
                continue
            while pile and pile[-1][0] in self.undone:
                pile.pop()
            is_left = name in [sheet[0] for sheet in pile]
            counts["left" if is_left else "restored" if pile else "withdrawn"] += 1
        return counts


def ledger():
    entries = LedgerEntry.objects.select_related("account")
    return {
        (entry.document, entry.line): (
            entry.account.account_ref if entry.account else "",
            entry.booked_on.isoformat(),
            entry.revenue,
            entry.cost,
        )
        for entry in entries
    }


def row(key, values):
    account, day, revenue, cost = values
    return f"{account},{day},{revenue},{'' if cost is None else cost},EUR,{','.join(key)}"


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_the_ledger_is_what_pencil_and_paper_say(steps):
    with transaction.atomic():
        paper, imports = Paper(), []
        person = UserFactory()
        for step in steps:
            if isinstance(step, tuple):
                rows, is_whole = step
                feed_rows(*(row(*line) for line in rows.items()), whole_documents=is_whole)
                imports.append(LedgerImport.objects.latest("pk"))
                paper.take_in(imports[-1].pk, rows, is_whole)
            elif step < len(imports) and imports[step].pk not in paper.undone:
                told = outlook(imports[step])
                assert told == undo(imports[step], by=person)
                assert vars(told) == paper.take_back(imports[step].pk)
            assert ledger() == paper.stands()
        transaction.set_rollback(True)
