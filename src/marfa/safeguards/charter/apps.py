"""The charter as a Django app: it stores nothing and checks itself at start."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CharterConfig(AppConfig):
    """No models; ``checks`` joins Django's system checks."""

    name = "marfa.safeguards.charter"
    label = "charter"

    def ready(self) -> None:
        import_module("marfa.safeguards.charter.checks")
