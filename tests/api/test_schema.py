import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS, load_all_checks

from firm.models import ApiToken
from tests.factories import TODAY, AccountFactory, EntryFactory, FlagFactory, UserFactory

from drf_spectacular.generators import SchemaGenerator

schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
schema.app = get_wsgi_application()
