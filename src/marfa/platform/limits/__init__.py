"""One limiter for everything that may not be tried too often.

Its counters are in the database, so all workers and processes share them and they survive a
restart. What is counted stands there as a keyed digest: no name and no address can be read.
"""
