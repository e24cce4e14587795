from django.apps import AppConfig


class SupportsiteConfig(AppConfig):
    name = "supportsite"

    def ready(self) -> None:
        """allauth tells only by its own signals that an address was confirmed or changed, as Django does of signing
        out. And kinds of news, which a worker has to know before any page is loaded."""
        from allauth.account import signals
        from django.contrib.auth.signals import user_logged_out

        import supportsite.news
        import supportsite.news_data  # noqa: F401
        from supportsite import addresses, middleware

        signals.email_confirmed.connect(addresses.confirmed)
        signals.email_changed.connect(addresses.changed)
        user_logged_out.connect(middleware.note_sign_out)
