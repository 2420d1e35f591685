"""Cards of the sites: how one is reached, when it is open, which languages are spoken."""
