"""Bytes that nobody wrote on purpose, and the readers that have to live through them."""
