"""People: registration that protects, and who is looked for and found."""
