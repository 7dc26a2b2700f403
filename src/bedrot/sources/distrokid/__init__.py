"""DistroKid: the distributor's bank details (royalty lines)."""

from bedrot.extract.streams import Source
from bedrot.extract.tables import table_stream
from bedrot.sources.distrokid.parser import sign_in_page

EARNINGS = table_stream(__name__, "distrokid", "earnings", alias_tables=("distrokid_stores",))

SOURCE = Source(name="distrokid", title="DistroKid", streams=(EARNINGS,), stray=sign_in_page)
