"""The nine rules as policies, and the one question that is put to them."""
