"""Statistics that can be published without endangering anyone."""
