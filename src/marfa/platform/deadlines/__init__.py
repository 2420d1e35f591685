"""What has to be done by when, by whom, and who hears of it if it is not.

kinds     say what deadlines there are and their escalation ladders
actions   set, meet, withdraw, hand over; climb the ladders
queries   open, due soon, overdue: by the clock, whether or not a worker ran
events    what is published when a step of a ladder is reached
"""
