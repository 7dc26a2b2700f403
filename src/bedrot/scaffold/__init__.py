"""Making the folder of a new source from templates."""
