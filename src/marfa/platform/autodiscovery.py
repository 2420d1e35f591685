"""What the mechanisms bring themselves is read at the start; apps of subjects say theirs in their
manifest (``module.py``)."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def read_modules(name: str) -> None:
    """Import the modules of a name in all installed apps that have no manifest."""
    for config in apps.get_app_configs():
        if config.module is None or module_has_submodule(config.module, "module"):
            continue
        if module_has_submodule(config.module, name):
            import_module(f"{config.name}.{name}")
