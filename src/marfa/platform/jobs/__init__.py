"""Work that is done later, once, by whichever worker comes first.

registry    ``@job``: say that a function is a job, and enqueue it
schedules   ``@ticks``: let a job be enqueued at its times
running     what a handler is given: progress, cancelling, steps
worker      the loop behind ``marfa worker``
actions     cancel, try again, throw away what is done
queries     what waits, runs, has failed
"""
