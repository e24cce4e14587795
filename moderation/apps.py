from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        """Registers the kinds of news, which a worker has to know before any view is loaded, and what is reviewed."""
        import moderation.leaving
        import moderation.news
        import moderation.news_appeals
        import moderation.news_arrivals
        import moderation.news_desk
        import moderation.sections
        import moderation.terms  # noqa: F401

        autodiscover_modules("subjects")
