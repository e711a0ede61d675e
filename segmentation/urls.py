from django.urls import path

from segmentation import views

app_name = "segmentation"
urlpatterns = [
    path("segments/", views.dependence, name="dependence"),
    path("accounts/<int:pk>/standing/", views.account_standing, name="standing"),
]
