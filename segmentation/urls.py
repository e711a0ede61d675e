from django.urls import path

from segmentation import judging, panels, views
from segmentation.nights import views as nights
from segmentation.rules import views as rules

app_name = "segmentation"
urlpatterns = [
    path("segments/", views.dependence, name="dependence"),
    path("explain/accounts/<int:pk>/", views.explain_account, name="explain_account"),
    path("explain/<slug:figure>/", views.explain_figure, name="explain"),
    path("method/", views.method_page, name="method"),
    path("accounts/<int:pk>/standing/", views.account_standing, name="standing"),
    path("accounts/<int:pk>/prospects/", judging.rate, name="rate"),
    path("accounts/<int:pk>/parent/preview/", judging.parent_preview, name="parent_preview"),
    path("accounts/<int:pk>/months/", panels.account_months, name="months"),
    path("accounts/<int:pk>/group/", panels.account_group, name="group"),
    path("accounts/<int:pk>/history/", panels.account_history, name="history"),
    path("policy/", rules.policy, name="policy"),
    path("policy/new/", rules.policy_new, name="policy_new"),
    path("policy/drafts/<int:pk>/", rules.policy_draft, name="policy_draft"),
    path("policy/drafts/<int:pk>/save/", rules.policy_save, name="policy_save"),
    path("nightly/", nights.nightly, name="nightly"),
    path("nightly/progress/", nights.progress, name="nightly_progress"),
    path("nightly/recompute/", nights.recompute_now, name="nightly_recompute"),
    path("nightly/<int:pk>/", nights.run, name="nightly_run"),
]
