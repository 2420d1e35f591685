"""Proceedings: cooperation with an investigation or court, and what the law ties to it.

They stand above the cases, so that whoever gives help can know nothing of them (charter, rule 1).
"""
