"""Alembic's scripts.

To change the schema: change `tables.py`, write the next script in `versions` by hand, set
`REVISION`. The tests compare the two.
"""
