from django.apps import AppConfig, apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import post_migrate


def after_migrations(sender, **kwargs):
    from firm import roles

    roles.sync()


class FirmConfig(AppConfig):
    name = "firm"

    def ready(self):
        from firm import checks  # noqa: F401 - registers them
        from firm.roles import ROLES

        # A role that is not there would let everybody in without a factor, and say nothing.
        unknown = sorted(set(settings.KAM_MFA_ROLES) - set(ROLES))
        if unknown:
            raise ImproperlyConfigured(f"KAM_MFA_ROLES names no role: {', '.join(unknown)}.")
        # Permissions exist only once our rooms have migrated, so roles cannot be a migration;
        # the framework's own sign-in app comes after them all.
        post_migrate.connect(after_migrations, sender=apps.get_app_config("auth"))
