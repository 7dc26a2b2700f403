"""Acme: a small distributor that sends a sales statement as CSV."""

from bedrot.extract.streams import Source, Stream, package_folder
from bedrot.extract.tables import explain_misreading, read_table, recognise_table, table_records

SALES = Stream(
    source="acme",
    name="sales",
    folder=package_folder(__name__),
    recognise=recognise_table,
    read=read_table,
    misread=explain_misreading,
    records=table_records,
)

SOURCE = Source(name="acme", title="Acme", streams=(SALES,))
