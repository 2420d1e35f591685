"""Search by name: one process holds the names in memory, and nothing is stored of it.

entries        what is found, and where it comes from (the app ``search`` says it)
index          the index, by organisation
answers        what the process is asked
builder        how the index comes to be, cold and by rebuilding
process        the process itself
client         how the others ask it
changes        what changed, by the outbox
digests        documents and phones by keyed digests, in the database
"""
