"""The zones of a lake: landing, raw, quarantine, staging, curated, archive; and its stores."""
