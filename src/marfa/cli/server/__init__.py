"""Commands of an installation; they need the server extra."""
