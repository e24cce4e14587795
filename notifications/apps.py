from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        """Registers the first part of digests, what exports say of news, how long news are kept, and when they go."""
        import notifications.digest_news
        import notifications.leaving
        import notifications.sections
        import notifications.terms  # noqa: F401
