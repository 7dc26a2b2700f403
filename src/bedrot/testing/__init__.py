"""Helpers for tests, ours and those of sources in other packages."""
