"""The words that everyone shares: code lists, identifiers, partial dates, messages."""
