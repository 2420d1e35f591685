"""Pages: which forms there are, what came in, and the devices with apps of others."""

from marfa.apps.forms.views.definitions import add, all_forms, make, version
from marfa.apps.forms.views.devices import devices, end_device
from marfa.apps.forms.views.submissions import attached, came, one, read, to_record
from marfa.apps.forms.views.uploads import upload

__all__ = [
    "add",
    "all_forms",
    "attached",
    "came",
    "devices",
    "end_device",
    "make",
    "one",
    "read",
    "to_record",
    "upload",
    "version",
]
