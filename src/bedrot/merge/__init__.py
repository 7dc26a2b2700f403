"""The kinds of staging tables, each merged in one place, over all captures at a time."""
