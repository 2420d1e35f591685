"""The supervisor's board: how the desk works, told afterwards and never of a person.

It reads facts of talks, and counts nobody of whom the supervisor may not know. What a talk found is
held against sex and age alone; nothing here is an input of a score.
"""
