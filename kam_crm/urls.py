"""Every address of the product."""

from django.urls import include, path
from django.views.generic import RedirectView

from firm.views import choose_language
from kam_crm import health
from kam_crm.search import search

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("", RedirectView.as_view(pattern_name="segmentation:dependence"), name="start"),
    path("accounts/", include("accounts.urls")),
    path("", include("segmentation.urls")),
    path("search/", search, name="search"),
    path("language/", choose_language, name="language"),
    path("sign-in/", include("allauth.urls")),
    path("api/", include("kam_crm.api")),
]
