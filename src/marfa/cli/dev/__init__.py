"""Commands for whoever writes Marfa; they work in a checkout of its source alone."""
