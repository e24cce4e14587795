from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        """Registers what is in exports and how long things are kept, which a worker has to know from the beginning."""
        import members.sections
        import members.terms  # noqa: F401
