"""Invented music companies: their catalogues, royalty lines and inboxes, from a seed."""
