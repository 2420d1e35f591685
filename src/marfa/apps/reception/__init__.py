"""Reception: the queue, reasons to screen, and the private conversation."""
