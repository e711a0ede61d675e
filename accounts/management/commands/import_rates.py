import json
import sys

from django.core.management.base import BaseCommand, CommandError

from accounts.importers.files import CannotRead
from accounts.importers.rates import import_rates


class Command(BaseCommand):
    help = "Take exchange rates in: currency, day, rate (reporting currency for one unit)."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="report, and store nothing")

    def handle(self, *, file, dry_run, **options):
        try:
            with sys.stdin.buffer if file == "-" else open(file, "rb") as stream:  # noqa: PTH123
                report = import_rates(stream, dry_run=dry_run)
        except (CannotRead, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(report.as_dict(), indent=1, ensure_ascii=False))
        if report.rejected:
            sys.exit(1)
