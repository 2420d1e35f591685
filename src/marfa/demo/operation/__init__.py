"""A year of a fictional operation, the same for the same seed.

Most people are written in bulk as the actions write them one by one (``crowd``). Whose story goes
on, by a talk, a case or a referral, is told through the actions themselves, in order of time, with
the clock set to each moment (``timeline``). All of it lies before the day on which it is made.
"""

from marfa.demo.operation.scale import DEFAULT_SEED, Scale
from marfa.demo.operation.year import make_year

__all__ = ["DEFAULT_SEED", "Scale", "make_year"]
