from supportsite import sparing

# Before what it concerns is imported.
sparing.install()

from supportsite.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
