"""From presumed victim to safety: the cases of the people who are helped."""
