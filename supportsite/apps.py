from django.apps import AppConfig


class SupportsiteConfig(AppConfig):
    name = "supportsite"
