from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "forums"

    def ready(self) -> None:
        """Registers what a worker has to know before any page is loaded: news, parts of digests, checks, and words."""
        import forums.checks
        import forums.digest
        import forums.leaving
        import forums.log_words
        import forums.news
        import forums.news_care
        import forums.news_posts
        import forums.news_reactions
        import forums.news_threads
        import forums.sections
        import forums.terms  # noqa: F401
