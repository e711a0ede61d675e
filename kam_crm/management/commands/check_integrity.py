from django.core.management.base import BaseCommand

from kam_crm.integrity import faults


class Command(BaseCommand):
    help = "Say what is wrong with the stored data; exit 1 where anything is."

    def handle(self, **options):
        found = list(faults())
        for fault in found:
            self.stdout.write(fault)
        if found:
            raise SystemExit(1)
