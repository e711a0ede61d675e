"""The addresses of the API."""

from django.shortcuts import redirect, render
from django.urls import include, path, re_path
from django.views.decorators.http import require_GET
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from accounts.api import AccountViewSet, EntryViewSet
from accounts.imports.api import ImportViewSet, LeftView, RejectedView
from firm.factors import owes_factor
from firm.webhooks.api import DeliveriesView, SendAgainView, WebhookViewSet
from kam_crm.problems import Nowhere
from segmentation.api import (
    AccountStandingView,
    FlagViewSet,
    PortfolioView,
    StandingViewSet,
)

router = SimpleRouter(use_regex_path=False)
router.register("accounts", AccountViewSet, "account")
router.register("flags", FlagViewSet, "flag")
router.register("ledger/imports", ImportViewSet, "import")
router.register("ledger/entries", EntryViewSet, "entry")
router.register("standings", StandingViewSet, "standing")
router.register("webhooks", WebhookViewSet, "webhook")


def docs(request):
    """Where the API is tried out: a page, whose door no middleware keeps below /api/."""
    return redirect("factor_first") if owes_factor(request.user) else docs_page(request)


@require_GET
def docs_page(request):
    return render(request, "kam_crm/api_docs.html")


app_name = "api"
urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/accounts/<int:pk>/standing/", AccountStandingView.as_view(), name="account-standing"),
    path("v1/ledger/imports/<int:pk>/rejected/", RejectedView.as_view(), name="import-rejected"),
    path("v1/ledger/imports/<int:pk>/left/", LeftView.as_view(), name="import-left"),
    path("v1/portfolio/", PortfolioView.as_view(), name="portfolio"),
    path("v1/webhooks/<int:pk>/deliveries/", DeliveriesView.as_view(), name="delivery-list"),
    path(
        "v1/webhooks/<int:pk>/deliveries/<int:number>/again/",
        SendAgainView.as_view(),
        name="delivery-again",
    ),
    path("v1/schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("v1/docs/", docs, name="docs"),
    re_path("", Nowhere.as_view(), name="nowhere"),
]
