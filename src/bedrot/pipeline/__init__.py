"""Bringing files in, planning, running, publishing, explaining."""
