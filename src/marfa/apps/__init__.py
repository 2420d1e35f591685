"""One Django app a subject; each registers itself through its ``module.py``."""
