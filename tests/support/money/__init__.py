"""Made-up ledgers of whole places, with cases of trafficking and lawful lives that look alike.

Written from indicators and descriptions of cases: nothing is asked of the detectors and nothing
is shared with ``benchmarks/flows_data.py``. Its author had read the detectors, so places are drawn
widely, beyond what they were made for. A place has its own money, clock, pay days and prices; in
it live ordinary people, cases (``crimes.py``) and lawful lives (``lawful.py``). ``shapes.py``
plants patterns among the payments of strangers; ``score.py`` counts what was found.
"""
