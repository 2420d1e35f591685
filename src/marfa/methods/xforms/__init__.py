"""Forms of the ODK kind: XLSForm in, questions out, and the rules of the form run here too.

A form is read with ``parse``, filled in with ``start`` (or ``evaluate``, ``resume``), written
with ``submission_xml``, and a submission from elsewhere is judged with ``recheck``. Nothing here
knows a database or a page. What of ODK XForms is supported is told in docs/methods/forms.md.
"""

from __future__ import annotations

from marfa.methods.xforms.convert import Converted, convert, read_xlsform
from marfa.methods.xforms.findings import Finding, FindingKind, Personal
from marfa.methods.xforms.instruments import (
    instrument_answers,
    instrument_form,
    instrument_sheets,
)
from marfa.methods.xforms.model import (
    Choice,
    FormModel,
    Group,
    Language,
    Part,
    Question,
    QuestionKind,
    Repeat,
    Spot,
    Wording,
)
from marfa.methods.xforms.parse import parse, parts_of
from marfa.methods.xforms.recheck import recheck
from marfa.methods.xforms.state import Answer, State, evaluate, start
from marfa.methods.xforms.submission import draft_xml, read_submission, resume, submission_xml
from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.workload import Workload, workload_of
from marfa.methods.xforms.xpath import Surroundings

__all__ = [
    "Answer",
    "Choice",
    "Converted",
    "Finding",
    "FindingKind",
    "FormModel",
    "Group",
    "Language",
    "Node",
    "Part",
    "Personal",
    "Question",
    "QuestionKind",
    "Repeat",
    "Spot",
    "State",
    "Surroundings",
    "Wording",
    "Workload",
    "convert",
    "draft_xml",
    "evaluate",
    "instrument_answers",
    "instrument_form",
    "instrument_sheets",
    "parse",
    "parts_of",
    "read_submission",
    "read_xlsform",
    "recheck",
    "resume",
    "start",
    "submission_xml",
    "workload_of",
]
