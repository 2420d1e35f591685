"""The tables of forms: what is asked, what came back, and with which devices."""

from marfa.apps.forms.models.coded_answers import CodedAnswer
from marfa.apps.forms.models.definitions import FormDefinition, FormMedia, FormVersion
from marfa.apps.forms.models.devices import Device
from marfa.apps.forms.models.submissions import Attachment, Submission
from marfa.apps.forms.models.uploads import FormUpload, UploadPart

__all__ = [
    "Attachment",
    "CodedAnswer",
    "Device",
    "FormDefinition",
    "FormMedia",
    "FormUpload",
    "FormVersion",
    "Submission",
    "UploadPart",
]
