from django.urls import path

from segmentation import panels, views

app_name = "segmentation"
urlpatterns = [
    path("segments/", views.dependence, name="dependence"),
    path("accounts/<int:pk>/standing/", views.account_standing, name="standing"),
    path("accounts/<int:pk>/months/", panels.account_months, name="months"),
    path("accounts/<int:pk>/group/", panels.account_group, name="group"),
    path("accounts/<int:pk>/history/", panels.account_history, name="history"),
]
