"""Pages: which forms there are, what came in, and the devices with apps of others."""

from marfa.apps.forms.views.came import came, one, to_record
from marfa.apps.forms.views.devices import devices, end_device
from marfa.apps.forms.views.managing import add, all_forms, make, version

__all__ = [
    "add",
    "all_forms",
    "came",
    "devices",
    "end_device",
    "make",
    "one",
    "to_record",
    "version",
]
