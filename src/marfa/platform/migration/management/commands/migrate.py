"""Django's own ``migrate``, for the product and for the databases of tests."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from marfa.platform.migration import new_models_alone
from marfa.platform.migration.autodetector import Autodetector


class Command(Migrate):
    autodetector = Autodetector

    def handle(self, *args: Any, **options: Any) -> None:
        with new_models_alone():
            super().handle(*args, **options)
