from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        autodiscover_modules("subjects")
