"""How a site is reached, when it is open, which languages are spoken there."""
