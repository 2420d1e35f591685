"""Forms from XLSForm files: their versions, what comes back filled in, and apps of others."""
