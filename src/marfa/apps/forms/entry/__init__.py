"""Forms filled in on plain pages, without a program in the browser.

The same form and the same rules as everywhere (``marfa.methods.xforms``); skip logic, choices and
calculations are worked out between the pages. What was answered so far is a sealed draft of the
person who fills in, one document from the first page to the sending.
"""
