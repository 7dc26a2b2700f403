"""The toolkit of the sources: recognising, splitting and reading what platforms export."""
