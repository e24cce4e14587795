from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "forums"

    def ready(self) -> None:
        """Registers the kinds of news that a worker has to know before any view is loaded, checks, and words."""
        import forums.checks
        import forums.log_words
        import forums.news
        import forums.news_care
        import forums.news_posts  # noqa: F401
