"""Django settings, made from the data folder that ``MARFA_DATA`` names."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from marfa.apps.house import installed_apps, middleware_in
from marfa.apps.manifest import Desk, Slot
from marfa.domain import catalogue
from marfa.platform.datafolder import InstallationKind, check_provider, default_folder, open_folder
from marfa.platform.settings import read_settings
from marfa.web.database import address_of, database_settings
from marfa.web.desk_choice import desks_for
from marfa.web.headers import on_files

FOLDER = open_folder(default_folder())
MARFA = read_settings(FOLDER.path)
check_provider(FOLDER.path, MARFA.instance_key)
DEMONSTRATION = FOLDER.instance.kind is InstallationKind.DEMONSTRATION

HERE = Path(__file__).parent

SECRET_KEY = FOLDER.signing_key
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
if MARFA.origin:
    ALLOWED_HOSTS = [urlsplit(MARFA.origin).hostname or "localhost"]
    CSRF_TRUSTED_ORIGINS = [MARFA.origin]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # What reaches us past the proxy in clear is sent to the secure origin; the watcher is not.
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
if MARFA.lan_name:
    # The server adds the addresses on which it listens.
    ALLOWED_HOSTS = [MARFA.lan_name]
if MARFA.origin or MARFA.lan_name:
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True

EVERY_APP = False
"""Whether apps are loaded that never stand in one installation: see ``workshop.py``."""

DESKS = desks_for(FOLDER.instance)


def apps_for(desks: Collection[Desk]) -> list[str]:
    """What Django loads for these desks: what is always there, and the apps of the desks."""
    return [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "csp",
        "marfa.platform.migration",
        "marfa.platform.keys",
        "marfa.platform.rowsecurity",
        "marfa.platform.jobs",
        "marfa.platform.limits",
        "marfa.platform.outbox",
        "marfa.platform.deadlines",
        "marfa.platform.files",
        "marfa.platform.revisions",
        "marfa.platform.facts",
        "marfa.safeguards.fields",
        "marfa.safeguards.charter",
        "marfa.safeguards.audit",
        "marfa.safeguards.vault",
        "marfa.safeguards.sealed",
        *installed_apps(desks),
        "marfa.demo",
        "marfa.web",
    ]


def middleware_for(desks: Collection[Desk]) -> list[str]:
    """What surrounds each request where these desks are."""
    return [
        "marfa.web.headers.with_standing_headers",
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "csp.middleware.CSPMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        *middleware_in(Slot.SESSION, desks),
        "django.contrib.messages.middleware.MessageMiddleware",
        *middleware_in(Slot.SENT, desks),
        # Default deny: a view that is open to a signed-out visitor says so.
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
        *middleware_in(Slot.CONFINED, desks),
        "marfa.apps.second_factor.SecondFactorFirst",
        "marfa.web.middleware.with_actor",
        "marfa.web.middleware.on_the_readers_clocks",
        *middleware_in(Slot.PAGE, desks),
        "marfa.web.middleware.kept_nowhere",
        "marfa.web.middleware.no_body_for_head",
        "marfa.web.middleware.StorageFull",
    ]


INSTALLED_APPS = apps_for(DESKS)
MIDDLEWARE = middleware_for(DESKS)

ROOT_URLCONF = "marfa.web.urls"
WSGI_APPLICATION: str | None = "marfa.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "marfa.web.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "marfa.web.templatetags.shell",
                "marfa.web.templatetags.components",
                "marfa.web.templatetags.tables",
                "marfa.web.templatetags.lists",
                "marfa.web.templatetags.records",
                "marfa.web.templatetags.charts",
                "marfa.web.templatetags.regional",
            ],
        },
    }
]

DATABASES = {"default": database_settings(address_of(MARFA), FOLDER.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A view may say that what is sent to it never lies on a disk in clear.
FILE_UPLOAD_HANDLERS = [
    "marfa.platform.files.memory_uploads.InMemory",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

AUTH_USER_MODEL = "accounts.User"
# User names are unique in any case, by a constraint that this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["marfa.apps.accounts.backend.LinkBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"

# The __Host- prefix ties a cookie to this origin. Ports do not separate cookies, so two
# installations on one machine are told apart by their identifier.
_COOKIE = f"__Host-{FOLDER.instance.identifier[:8]}"
SESSION_COOKIE_NAME = f"{_COOKIE}-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = round(MARFA.session_hours * 3600)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{_COOKIE}-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "marfa.web.views.csrf_failure"
LANGUAGE_COOKIE_NAME = f"{_COOKIE}-language"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# "Saved." waits in the session for the next page, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SHORTCUTS_COOKIE_NAME = f"{_COOKIE}-shortcuts"

# One half of what unlocks a person's keys for what is sealed; the other is in the database.
SEALED_COOKIE_NAME = f"{_COOKIE}-sealed"
# By it a form comes back that was sent after its session had ended.
LATE_FORM_COOKIE_NAME = f"{_COOKIE}-late"

# The headers that every answer carries stand in headers.py.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        # The one policy is made by hx-csp, which lets only elements with the nonce act.
        "trusted-types": ["htmx"],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Other origins may not read our files: that would tell them that Marfa runs here.
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = on_files
# The build puts a digest of the content into each name.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/built/.*-[A-Z0-9]{8}\.[a-z0-9]+$"

USE_I18N = True
LANGUAGE_CODE = MARFA.default_language
_NAMES = {"en": "English", "ar": "العربية"}
LANGUAGES = [(code, _NAMES[code]) for code in catalogue.LANGUAGES]
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "silent": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": MARFA.log_level.upper()},
    "loggers": {
        # These write paths, host names and rows of statements into the log.
        "django.request": {"handlers": ["silent"], "propagate": False},
        "django.security": {"handlers": ["silent"], "propagate": False},
        # This one writes ids of passkeys.
        "fido2": {"handlers": ["silent"], "propagate": False},
        "marfa.requests": {"level": MARFA.log_level.upper()},
    },
}
