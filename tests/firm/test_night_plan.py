"""One night a day: planned once, caught up once."""

from datetime import date

import pytest
import time_machine

from firm.models import Job
from kam_crm import tasks
from kam_crm.events import plan_night
from segmentation.models import Run
from segmentation.nightly import recompute
from tests.factories import EntryFactory

pytestmark = pytest.mark.django_db

BEFORE, AFTER = "2024-03-01T01:59:00Z", "2024-03-01T02:00:00Z"


@pytest.mark.parametrize(("moment", "planned"), [(BEFORE, False), (AFTER, True)])
def test_the_night_begins_at_two(moment, planned):
    with time_machine.travel(moment, tick=False):
        assert plan_night() is planned


def test_sweeps_and_beats_of_one_night_make_one_run():
    EntryFactory()
    with time_machine.travel(AFTER, tick=False):
        for _time in range(3):
            tasks.sweep()

    assert Run.objects.get().as_of == date(2024, 2, 29)
    assert Job.objects.get().state == Job.State.DONE


def test_missed_nights_are_caught_up_by_one_run():
    EntryFactory()
    for moment in (AFTER, "2024-03-09T15:00:00Z"):
        with time_machine.travel(moment, tick=False):
            tasks.sweep()

    days = Run.objects.values_list("as_of", flat=True)
    assert sorted(days) == [date(2024, 2, 29), date(2024, 3, 8)]


def test_a_day_that_was_recomputed_by_hand_needs_no_night():
    recompute(date(2024, 2, 29))
    with time_machine.travel(AFTER, tick=False):
        assert not plan_night()
