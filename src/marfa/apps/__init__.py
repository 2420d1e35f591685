"""One Django app a subject; each says in its ``module.py`` what it brings."""
