from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.account_list, name="list"),
    path("<int:pk>/", views.account_card, name="card"),
    path("<int:pk>/lines/", views.account_lines, name="lines"),
    path("<int:pk>/lines.csv", views.account_lines_file, name="lines_file"),
    path("<int:pk>/lines/newest/", views.account_newest_lines, name="newest_lines"),
    path("<int:pk>/record/", views.account_record, name="record"),
]
