"""Made-up ledgers of whole places, by somebody who does not know how they are searched.

Written from indicators and published descriptions of cases alone: the detectors' windows, shares
and least numbers are not asked, and nothing is shared with ``benchmarks/flows_data.py``. A place
has its own money, clock, pay days and prices; in it live ordinary people, cases of trafficking
(``crimes.py``) and lawful lives that look much the same (``lawful.py``). ``shapes.py`` plants
patterns among the payments of strangers; ``score.py`` counts what was found.
"""
