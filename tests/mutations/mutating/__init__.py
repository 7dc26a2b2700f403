"""Changes to the layouts of all sources, and what the lake makes of each."""
