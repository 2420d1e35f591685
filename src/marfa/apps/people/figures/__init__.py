"""Figures of a site from dated snapshots: counted, small ones hidden, shown.

counting    who is there now, by code; protected people are in nothing
hiding      what of it may be shown beside what was shown before
making      the action, and the job of every day
queries     whose figures somebody may see
views       the page
"""
