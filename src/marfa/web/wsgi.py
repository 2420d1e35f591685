import gc
import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marfa.web.settings")
if settings.EVERY_APP:
    raise ImproperlyConfigured("all apps are loaded at once: no server starts like this")
application = get_wsgi_application()
# What is loaded stays: the collector of cycles, which would look through all of it again and again
# while a page is made, leaves it alone.
get_resolver().url_patterns  # noqa: B018 - loads the views
gc.collect()
gc.freeze()
