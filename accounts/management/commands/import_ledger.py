import json
import sys

from django.core.management.base import BaseCommand, CommandError

from accounts.importers.files import CannotRead
from accounts.importers.ledger import import_ledger


class Command(BaseCommand):
    help = "Take a ledger in (CSV, .csv.gz or XLSX; - for standard input) and print a JSON report."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--source", required=True, help="the system that booked the lines")
        parser.add_argument("--dry-run", action="store_true", help="report, and store nothing")
        parser.add_argument(
            "--strict", action="store_true", help="store nothing if a row is wrong"
        )
        parser.add_argument("--currency", default="", help="reporting currency of a first file")
        parser.add_argument(
            "--whole-documents",
            action="store_true",
            help="void stored lines that a sent document no longer has",
        )

    def handle(self, *, file, source, dry_run, strict, currency, whole_documents, **options):
        try:
            with sys.stdin.buffer if file == "-" else open(file, "rb") as stream:  # noqa: PTH123
                report = import_ledger(
                    stream,
                    source=source,
                    file_name=file,
                    currency=currency,
                    strict=strict,
                    dry_run=dry_run,
                    whole_documents=whole_documents,
                )
        except (CannotRead, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(report.as_dict(), indent=1, ensure_ascii=False))
        if report.rejected:
            sys.exit(1)
