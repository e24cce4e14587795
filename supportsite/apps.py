from django.apps import AppConfig


class SupportsiteConfig(AppConfig):
    name = "supportsite"

    def ready(self) -> None:
        """allauth tells only by its own signals that an address was confirmed or changed. And kinds of news, which a
        worker has to know before any page is loaded."""
        from allauth.account import signals

        import supportsite.news  # noqa: F401
        from supportsite import addresses

        signals.email_confirmed.connect(addresses.confirmed)
        signals.email_changed.connect(addresses.changed)
