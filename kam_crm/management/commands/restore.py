from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kam_crm.archive import CannotRestore, restore


class Command(BaseCommand):
    help = "Replace the database and every upload by those of a backup."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="even if the database has rows")

    def handle(self, *, file, force, **options):
        try:
            manifest = restore(file, force=force)
        except CannotRestore as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(f"{file}: restored what was saved at {manifest['made_at']}")
