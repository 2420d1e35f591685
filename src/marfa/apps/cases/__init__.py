"""Cases: from presumed victim to the end of help."""
