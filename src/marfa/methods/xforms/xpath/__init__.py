"""XPath 1.0 as ODK XForms has it: read once, run many times, bounded in depth and in steps.

A subset of XPath 1.0 (child, self, parent and descendant steps over elements) with the functions
of the ODK XForms specification. Values are strings, floats, booleans and lists of elements; dates
are strings, which count as days where a number is asked for.
"""

from __future__ import annotations

from marfa.methods.xforms.xpath.compiler import Expression, compile_xpath
from marfa.methods.xforms.xpath.focus import Focus, Surroundings, UnevaluableError, Value
from marfa.methods.xforms.xpath.grammar import parse_xpath
from marfa.methods.xforms.xpath.lexer import XPathSyntaxError

__all__ = [
    "Expression",
    "Focus",
    "Surroundings",
    "UnevaluableError",
    "Value",
    "XPathSyntaxError",
    "compile_xpath",
    "parse_xpath",
]
