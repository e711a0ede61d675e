import json
from datetime import date

from django.core.management.base import BaseCommand

from firm.today import day_that_ended
from segmentation.nightly import recompute


class Command(BaseCommand):
    help = "Compute a day's shares, classes, segments, bands and flags; print a JSON summary."

    def add_arguments(self, parser):
        parser.add_argument("--as-of", type=date.fromisoformat, help="the last day that counts")

    def handle(self, *, as_of, **options):
        run = recompute(as_of or day_that_ended())
        self.stdout.write(json.dumps(run.summary, indent=1))
