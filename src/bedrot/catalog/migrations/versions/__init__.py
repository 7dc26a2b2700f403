"""One script per change of the schema. A script that was released never changes."""
