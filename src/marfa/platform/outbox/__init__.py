"""What leaves the transaction: rows written with the data they follow from, delivered by a job.

destinations   say where something can go, and post to it
delivery       the pass over the rows of one destination
mail           the first destination
"""
