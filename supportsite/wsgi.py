import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportsite.settings")

django = get_wsgi_application()

from supportsite.front import front  # noqa: E402 - reads settings and apps, which are there from here on

application = front(django)
