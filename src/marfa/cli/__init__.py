"""The command ``marfa``. Groups that need the server extra appear only where it is installed."""
