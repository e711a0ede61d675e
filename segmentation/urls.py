from django.urls import path

from segmentation import flag_pages, views

app_name = "segmentation"
urlpatterns = [
    path("segments/", views.dependence, name="dependence"),
    path("accounts/<int:pk>/standing/", views.account_standing, name="standing"),
    path("flags/", flag_pages.flag_list, name="flags"),
    path("flags/acknowledge/", flag_pages.acknowledge_chosen, name="flags_acknowledge"),
    path("flags/wake/", flag_pages.flags_wake, name="flags_wake"),
    path("flags/<int:pk>/", flag_pages.flag, name="flag"),
    path("flags/<int:pk>/acknowledge/", flag_pages.flag_acknowledge, name="flag_acknowledge"),
    path("flags/<int:pk>/later/", flag_pages.flag_later, name="flag_later"),
    path("flags/<int:pk>/now/", flag_pages.flag_now, name="flag_now"),
    path("accounts/<int:pk>/flags/", flag_pages.account_flags, name="account_flags"),
]
