"""Contracts: one ODCS file per table, read strictly and compiled to checks, types and ids."""
