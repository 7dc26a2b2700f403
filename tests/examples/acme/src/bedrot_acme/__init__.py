"""Acme: a small distributor that sends a sales statement as CSV."""

from bedrot.extract.streams import Source
from bedrot.extract.tables import table_stream

SALES = table_stream(
    __name__,
    "acme",
    "sales",
)

SOURCE = Source(
    name="acme",
    title="Acme",
    streams=(SALES,),
)
