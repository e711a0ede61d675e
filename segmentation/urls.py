from django.urls import path

from segmentation import judging, panels, views

app_name = "segmentation"
urlpatterns = [
    path("segments/", views.dependence, name="dependence"),
    path("accounts/<int:pk>/standing/", views.account_standing, name="standing"),
    path("accounts/<int:pk>/prospects/", judging.rate, name="rate"),
    path("accounts/<int:pk>/parent/preview/", judging.parent_preview, name="parent_preview"),
    path("accounts/<int:pk>/months/", panels.account_months, name="months"),
    path("accounts/<int:pk>/group/", panels.account_group, name="group"),
    path("accounts/<int:pk>/history/", panels.account_history, name="history"),
]
