from django.urls import path

from accounts.feeds import views

app_name = "feeds"
urlpatterns = [
    path("", views.feed_list, name="list"),
    path("<int:pk>/", views.source, name="source"),
    path("<int:pk>/totals/", views.totals, name="totals"),
    path("<int:pk>/totals/<int:total>/remove/", views.total_remove, name="total_remove"),
    path("<int:pk>/months/<str:month>/", views.month, name="month"),
]
