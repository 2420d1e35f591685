"""Finding people: what is typed, where to look, who is found, and who is told of it.

source      what the process of names reads
listening   what it is told of
typed       what somebody typed, taken apart
scopes      where they may look
searching   the search itself
explaining  why somebody was found, in sentences
"""
