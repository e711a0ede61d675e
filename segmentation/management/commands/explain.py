import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Account
from firm.today import day_that_ended
from segmentation.explain import NoRun, explain, explain_computed, ledger_lines
from segmentation.explain_text import as_text


class Command(BaseCommand):
    help = "Explain an account's standing on a day, down to its ledger lines and the policy."

    def add_arguments(self, parser):
        parser.add_argument("account_ref")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the last day that counts")
        parser.add_argument("--json", action="store_true", help="everything, as JSON")

    def handle(self, *, account_ref, as_of, **options):
        account = Account.objects.filter(account_ref=account_ref).first()
        if account is None:
            raise CommandError(f"There is no account {account_ref}.")
        try:
            explanation = explain(account, as_of=as_of)
        except NoRun:
            explanation = explain_computed(account, as_of or day_that_ended())
        lines = ledger_lines(account, explanation)
        if options["json"]:
            explanation["ledger_lines"] = lines
            self.stdout.write(json.dumps(explanation, indent=1, ensure_ascii=False))
        else:
            self.stdout.write(as_text(explanation, lines))
