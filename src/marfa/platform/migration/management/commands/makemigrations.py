"""Django's own ``makemigrations``, which also writes what models declare beside their columns."""

from __future__ import annotations

from django.core.management.commands.makemigrations import Command as MakeMigrations

from marfa.platform.migration.autodetector import Autodetector


class Command(MakeMigrations):
    autodetector = Autodetector
