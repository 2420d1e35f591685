"""Finding people by name: one process holds their names in memory, and nothing is stored of it.

entries        what is found, and where it comes from (the app of people says it)
holding        the index, by organisation
answering      what the process is asked
building       how the index comes to be, cold and by rebuilding
process        the process itself
asking         how the others ask it
feeding        what changed, by the outbox
digests        documents and phones by keyed digests, in the database
"""
