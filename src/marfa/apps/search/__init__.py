"""The search for people: by name, code, number or household."""
