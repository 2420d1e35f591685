"""What there is in an installation, and what its pages answer.

python -m tests.support.asked            in the installation that MARFA_DATA names
python -m tests.support.asked --pages    and each page that takes no argument is asked by
                                         everybody who works there

Prints as JSON: what the system checks find, the tables with their columns, the apps, the
addresses, the menus, the jobs, the roles, and by user and page the answers.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator

os.environ["DJANGO_SETTINGS_MODULE"] = "marfa.web.settings"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.checks import run_checks  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse  # noqa: E402

from marfa.apps.accounts.actions import create_user  # noqa: E402
from marfa.apps.accounts.models import OpenSession, User  # noqa: E402
from marfa.apps.accounts.sessions import open_session  # noqa: E402
from marfa.apps.accounts.sign_in import BACKEND, SESSION  # noqa: E402
from marfa.apps.house import apps_of  # noqa: E402
from marfa.apps.manifest import desk_navigation  # noqa: E402
from marfa.apps.organisations.models import RoleGrant, Site  # noqa: E402
from marfa.apps.organisations.roles import WHOLE_INSTALLATION, roles_here  # noqa: E402
from marfa.platform import clock  # noqa: E402
from marfa.platform.jobs import registry as jobs  # noqa: E402
from marfa.platform.rowsecurity.context import every_organisation  # noqa: E402
from marfa.safeguards.words import Role  # noqa: E402

WHOLE = WHOLE_INSTALLATION | {Role.FOCAL_POINT}
"""Roles that somebody has at all sites."""


def staff() -> Iterator[User]:
    """Somebody in each role that there is here."""
    site = Site.objects.get()
    for role in roles_here():
        user = create_user(username=role.value, display_name=role.value)
        RoleGrant.objects.create(
            user=user,
            role=role,
            organisation=site.organisation,
            site=None if role in WHOLE else site,
            starts_at=clock.now(),
        )
        yield user


def pages(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The names of all pages."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from pages(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}"


def addresses() -> list[str]:
    """Where pages are, and the namespace of theirs: ``desks/finance/ flows``."""
    found = get_resolver().url_patterns
    return [
        f"{each.pattern} {each.namespace if isinstance(each, URLResolver) else each.name}".strip()
        for each in found
    ]


def columns(table: str) -> list[str]:
    """The names of the columns of a table."""
    with connection.cursor() as cursor:
        return [each.name for each in connection.introspection.get_table_description(cursor, table)]


def answers(user: User, names: list[str]) -> dict[str, int]:
    """What each page answers to somebody who has just proved a second factor."""
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    client.force_login(user, backend=BACKEND)
    row = open_session(user=user, entered_by=OpenSession.EnteredBy.LINK, factor=True)
    session = client.session
    session[SESSION] = str(row.pk)
    session.save()
    found = {}
    for name in names:
        try:
            address = reverse(name)
        except NoReverseMatch:  # it takes arguments
            continue
        found[name] = client.get(address).status_code
    return found


def main() -> None:
    """Ask all of it."""
    names = sorted(pages(get_resolver()))
    users = []
    if "--pages" in sys.argv:
        with every_organisation():
            users = list(staff())
    told = {
        "checks": [str(each) for each in run_checks() if each.is_serious()],
        "tables": {each: columns(each) for each in connection.introspection.table_names()},
        "apps": list(apps_of(settings.DESKS)),
        "pages": names,
        "addresses": addresses(),
        "menus": {
            desk.value: [item.url_name for item in desk_navigation(desk)] for desk in settings.DESKS
        },
        "jobs": jobs.job_names(),
        "roles": [role.value for role in roles_here()],
        "answers": {user.username: answers(user, names) for user in users},
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
