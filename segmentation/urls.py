from django.urls import path

from segmentation import judging, views

app_name = "segmentation"
urlpatterns = [
    path("segments/", views.dependence, name="dependence"),
    path("accounts/<int:pk>/standing/", views.account_standing, name="standing"),
    path("accounts/<int:pk>/prospects/", judging.rate, name="rate"),
    path("accounts/<int:pk>/prospects/undo/", judging.rate_undo, name="rate_undo"),
    path("accounts/<int:pk>/parent/preview/", judging.parent_preview, name="parent_preview"),
]
