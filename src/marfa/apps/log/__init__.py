"""The log as people see it: the page where it is searched, and its export."""
