"""Checks and standings: what the lake thinks of files and rows."""
