"""The database itself keeps organisations apart (PostgreSQL row-level security).

owned        which column of a table says whose its rows are
operations   ``ProtectRows``, which ``makemigrations`` writes from that, and what a migration needs
             to see all rows
context      ``row_context``: whose rows the statements of a block may touch
grants       what the three database roles may do

It is a net under the application and no replacement of it: who may see what is decided above, by
the charter and ``visible_to``. On SQLite there is no such net.
"""
