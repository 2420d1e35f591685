"""Facts: coded, identity-free rows for clocks, dashboards, statistics and DuckDB."""
