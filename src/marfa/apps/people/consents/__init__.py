"""Pages about consent, sharing, and what a person is told about themselves."""
