"""Documents to print: a page of ours, as PDF, set in our own fonts.

``write_pdf`` is the one way; see ``writer``.
"""
