"""One small inbox over all sources, and the ways in which it is handed over."""
