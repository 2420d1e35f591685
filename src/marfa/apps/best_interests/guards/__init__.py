"""What the database itself holds about whose yes counts and about panels.

Constraints see one row. These triggers see the row on which it rests: the guardian, the tie, the
doubt, the panel. A day's leeway at either end is given to the clocks of the sites; the actions
count in days of the site.
"""
