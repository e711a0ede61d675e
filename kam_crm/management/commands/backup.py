import subprocess
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kam_crm.archive import backup


class Command(BaseCommand):
    help = "Write the database and every upload to one file."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            manifest = backup(file)
        except (OSError, subprocess.CalledProcessError) as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(f"{file}: {len(manifest['sha256'])} files")
