from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        """Registers the first part of digests."""
        import notifications.digest_news  # noqa: F401
