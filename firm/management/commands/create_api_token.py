from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from firm.models import ApiToken, User
from firm.scopes import SCOPES


class Command(BaseCommand):
    help = "Makes a token for the API and prints it, once, alone on its line."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="E-MAIL", help=_("whose rights the token has"))
        parser.add_argument("--name", required=True, help=_("what the token is for"))
        parser.add_argument(
            "--scope",
            action="append",
            choices=SCOPES,
            help=_("what it may do, as often as needed; without it all that its person may"),
        )

    def handle(self, *, email, name, scope, **options):
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(_("Nobody here has the e-mail %(email)s.") % {"email": email})
        if not user.is_active:
            raise CommandError(
                _("%(name)s cannot sign in, so a token would not work.") % {"name": user.name}
            )
        _token, secret = ApiToken.objects.create(user, name=name, scopes=sorted(scope or SCOPES))
        self.stdout.write(secret)
