"""The kinds of staging tables, each merged in one place, over all captures at a time."""

MERGED_KINDS = ("ledger", "flow", "window", "lifetime", "stock", "dimension")
"""The kinds of staging tables that can be merged."""

MERGE_VERSION = 2
"""To be raised when a kind is merged otherwise."""
