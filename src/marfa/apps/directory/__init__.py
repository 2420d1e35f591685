"""The directory of services: where help is, for whom, and who called there last.

Everything that offers a place reads it: conversations, danger steps, plans, referrals and leaflets.
What nobody has called lately is offered by none of them, and comes to somebody's work.
"""
