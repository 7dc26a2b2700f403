"""Dates, money and names: pure values, no input or output."""
