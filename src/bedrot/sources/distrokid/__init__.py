"""DistroKid: the distributor's bank details (royalty lines)."""

from bedrot.extract.streams import Source, Stream, package_folder
from bedrot.extract.tables import explain_misreading, read_table, recognise_table, table_records
from bedrot.sources.distrokid.parser import sign_in_page

EARNINGS = Stream(
    source="distrokid",
    name="earnings",
    folder=package_folder(__name__),
    recognise=recognise_table,
    read=read_table,
    misread=explain_misreading,
    records=table_records,
    parser_version=1,
    alias_tables=("distrokid_stores",),
)

SOURCE = Source(name="distrokid", title="DistroKid", streams=(EARNINGS,), stray=sign_in_page)
