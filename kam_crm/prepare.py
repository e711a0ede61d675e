"""What `make run` does before it serves: tables, and the demo portfolio the first time."""

import io
import sys

import django
from django.conf import settings
from django.core.management import call_command, get_commands


def main(demo):
    django.setup()
    call_command("migrate", verbosity=0, stdout=sys.stderr)
    if demo != "no" and "load_demo" in get_commands():
        logins = io.StringIO()
        if is_empty():
            call_command("load_demo", stdout=logins)
        # The file also says that there is nothing to load any more.
        (settings.KAM_DATA / "demo-logins").write_text(logins.getvalue())


def is_empty():
    from accounts.models import Account

    return not Account.objects.exists()


if __name__ == "__main__":
    main(*sys.argv[1:])
