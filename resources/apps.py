from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "resources"

    def ready(self) -> None:
        """Registers the kinds of news and a part of digests, which a worker has to know before any page is loaded."""
        import resources.digest
        import resources.leaving
        import resources.log_words
        import resources.news
        import resources.news_help
        import resources.news_leaving
        import resources.news_questions
        import resources.news_reading
        import resources.sections
        import resources.terms  # noqa: F401
