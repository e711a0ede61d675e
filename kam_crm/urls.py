"""Every address of the product."""

from django.urls import include, path

from firm.views import choose_language
from kam_crm import health
from kam_crm.search import search
from kam_crm.start import start

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("", start, name="start"),
    path("", include("firm.urls")),
    path("accounts/", include("accounts.urls")),
    path("imports/", include("accounts.imports.urls")),
    path("imports/", include("accounts.ledger.urls")),
    path("imports/feeds/", include("accounts.feeds.urls")),
    path("", include("segmentation.urls")),
    path("search/", search, name="search"),
    path("language/", choose_language, name="language"),
    path("sign-in/", include("firm.doors")),
    path("api/", include("kam_crm.api")),
]
