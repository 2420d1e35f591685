"""What people are told before anything is asked: rights, consent, what happens next.

The words are text packs, files that a translator adds without code. Each says whether it is a draft
or reviewed, by whom and when; where real people are served, a draft is not shown.
"""
