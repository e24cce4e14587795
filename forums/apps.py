from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "forums"

    def ready(self) -> None:
        """Registers the kinds of news that a worker has to know before any view is loaded."""
        import forums.news  # noqa: F401
