import json
import sys

from django.core.management.base import BaseCommand, CommandError

from accounts.importers.accounts import import_accounts
from accounts.importers.files import CannotRead
from segmentation.importers.judgement import JUDGEMENT


class Command(BaseCommand):
    help = "Create and update accounts from a table (CSV, .csv.gz or XLSX; - for standard input)."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="report, and store nothing")
        parser.add_argument(
            "--strict", action="store_true", help="store nothing if a row is wrong"
        )

    def handle(self, *, file, dry_run, strict, **options):
        try:
            with sys.stdin.buffer if file == "-" else open(file, "rb") as stream:  # noqa: PTH123
                report = import_accounts(stream, extra=JUDGEMENT, strict=strict, dry_run=dry_run)
        except (CannotRead, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(report.as_dict(), indent=1, ensure_ascii=False))
        if report.rejected:
            sys.exit(1)
