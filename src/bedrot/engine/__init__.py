"""DuckDB sessions, house macros, lineage and the lint that keeps SQL portable and exact."""
