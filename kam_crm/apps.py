from django.apps import AppConfig


class KamCrmConfig(AppConfig):
    name = "kam_crm"
