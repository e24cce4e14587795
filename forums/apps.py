from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "forums"

    def ready(self) -> None:
        """Registers the kinds of news that a worker has to know before any view is loaded, and checks."""
        import forums.checks
        import forums.news
        import forums.news_care
        import forums.news_posts  # noqa: F401
