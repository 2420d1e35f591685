"""Files: received in pieces, checked, kept encrypted, given out as streams."""
