import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportsite.settings")

django = get_wsgi_application()

# Read settings and apps, which are there from here on.
from django.db import connection  # noqa: E402
from django.urls import reverse  # noqa: E402

from core import pooling, urls_on_demand  # noqa: E402
from resources import curating, readers_hooks  # noqa: E402
from supportsite.front import front  # noqa: E402

urls_on_demand.wait_for(curating.URLS)
readers_hooks.install()
if pool := getattr(connection, "pool", None):
    pooling.take_newest_first(pool)

application = front(django)

# Loads what all pages are made by. It stays, so that whoever looks for garbage need not look there: what pages leave
# behind is found soon, and lies in fewer places meanwhile (3 MB).
reverse("home")
gc.collect()
gc.freeze()
