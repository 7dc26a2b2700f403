"""What the lake says while it works: logs and progress."""
