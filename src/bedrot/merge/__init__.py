"""The kinds of staging tables, each merged in one place, over all captures at a time."""

MERGED_KINDS = ("ledger",)
"""The kinds of staging tables that can be merged."""
