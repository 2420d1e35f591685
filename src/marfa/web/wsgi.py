import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marfa.web.settings")
if settings.EVERY_APP:
    raise ImproperlyConfigured("all apps are loaded at once: no server starts like this")
application = get_wsgi_application()
