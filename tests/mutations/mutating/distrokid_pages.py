"""DistroKid's statistics pages of both stores, as a first page and after an older one."""

from __future__ import annotations

from bedrot.sources.distrokid.synthetic import sign_in_page
from bedrot.sources.distrokid.synthetic_pages import Item
from bedrot.testing.pages import APPLE, SPOTIFY, days, items, page
from mutating import whole_files as w
from mutating.model import Change, Mutation, Mutations, Subject

DAYS = days("2025-03-01", *(1000 + n * 37 % 500 for n in range(80)))
OLDER = dict(list(DAYS.items())[:70])
LISTS = {
    "tracks": items(Hail=2900, Seas=1450),
    "countries": [Item(name="DE", streams=1800), Item(name="US", streams=700)],
}
FIRST_SPOTIFY = Subject(
    source="distrokid", name="page of Spotify", export=page(SPOTIFY, DAYS, "20250521")
)
FIRST_APPLE = Subject(
    source="distrokid",
    name="page of Apple Music",
    export=page(APPLE, DAYS, "20250521", lists=LISTS),
)
LATER_SPOTIFY = FIRST_SPOTIFY.after(
    page(SPOTIFY, OLDER, "20250512"), page(SPOTIFY, DAYS, "20250522")
)
LATER_APPLE = FIRST_APPLE.after(
    page(APPLE, OLDER, "20250512", lists=LISTS), page(APPLE, DAYS, "20250522", lists=LISTS)
)


def mutations() -> list[Mutation]:
    return [*_spotify(), *_apple(), *_later_spotify(), *_later_apple()]


def _days_as(pattern: bytes, to: bytes) -> Change:
    """All days of the charts in another form."""
    return w.by_pattern(pattern + rb'"(\d{4})-(\d\d)-(\d\d)"', to)


def _times_ten(name: bytes) -> Change:
    return w.by_pattern(name + rb'": ?(\d+)', name + rb'": \g<1>0')


def _spotify() -> list[Mutation]:
    m = Mutations(FIRST_SPOTIFY)
    add = m.add
    day = rb'"category": '
    add("renamed", "`column-1` is called `column-2`", w.in_bytes(b"column-1", b"column-2"))
    add("renamed", "`dataProvider` is called `data`", w.in_bytes(b"dataProvider", b"data"))
    add(
        "renamed",
        "the chart of the year is called otherwise",
        w.in_bytes(b"trend365day", b"trendYear"),
    )
    add(
        "dropped",
        "the weeks are gone",
        w.by_pattern(rb"(?s)var trendWeekly = .*?</script>", b"</script>"),
    )
    add("dropped", "the time of the server is gone", w.by_pattern(rb"serverTime = .*?;", b""))
    add("dropped", "the menus are gone", w.by_pattern(rb"(?s)<select.*?</select>", b""))
    add(
        "dropped",
        "one day is gone",
        w.by_pattern(rb'\{"category": "2025-03-11","column-1": \d+\},', b""),
    )
    add(
        "added",
        "a second figure in every point",
        w.by_pattern(rb'"column-1": (\d+)', rb'"column-1": \1,"column-2": 7'),
    )
    add(
        "added",
        "another chart",
        w.in_bytes(
            b"</body>",
            b'<script>AmCharts.makeChart("trend7day", {"dataProvider": []});</script></body>',
        ),
    )
    add(
        "swapped",
        "the charts of 60 and of 365 days have each other's names",
        w.in_turn(
            w.in_bytes(b"trend365day", b"#"),
            w.in_bytes(b"trend60day", b"trend365day"),
            w.in_bytes(b"#", b"trend60day"),
        ),
    )
    add(
        "swapped",
        "the figure stands before the day",
        w.by_pattern(rb'("category": "[^"]*"),("column-1": \d+)', rb"\2,\1"),
    )
    add("retyped", "figures as texts", w.by_pattern(rb'"column-1": (\d+)', rb'"column-1": "\1"'))
    add(
        "retyped",
        "figures as texts with commas",
        w.by_pattern(rb'"column-1": (\d)(\d\d\d)\b', rb'"column-1": "\1,\2"'),
    )
    add(
        "retyped",
        "figures with a decimal",
        w.by_pattern(rb'"column-1": (\d+)', rb'"column-1": \1.0'),
    )
    add("retyped", "one figure is null", w.by_pattern(rb'"column-1": \d+', b'"column-1": null', 1))
    add(
        "rescaled",
        "one day of the year is ten times as much",
        w.by_pattern(rb'"2025-03-11","column-1": (\d+)', rb'"2025-03-11","column-1": \g<1>0'),
    )
    add("rescaled", "all charts are ten times as much", _times_ten(b'"column-1'))
    add(
        "rescaled",
        "charts and totals in thousands",
        w.in_turn(
            w.by_pattern(rb'"column-1": (\d+)', rb'"column-1": \g<1>000'),
            w.by_pattern(rb"\n(\d+),(\d+)\n", rb"\n\1,\2,000\n"),
        ),
        undetectable="every figure alike",
    )
    add("date format", "days as 5/20/2025", _days_as(day, rb'"category": "\2/\3/\1"'))
    add("date format", "days as 20.05.2025", _days_as(day, rb'"category": "\3.\2.\1"'))
    add("date format", "month and day changed places", _days_as(day, rb'"category": "\1-\3-\2"'))
    add(
        "date format",
        "days of the year before",
        w.by_pattern(rb'"category": "2025', b'"category": "2024'),
        names="60 days",
    )
    add(
        "language",
        "the page in German",
        w.in_turn(
            w.in_bytes(b"Last 365 days", b"Letzte 365 Tage"),
            w.in_bytes(b"SPOTIFY ESTIMATES", "SPOTIFY-SCHÄTZUNG".encode()),
        ),
    )
    add(
        "decimal comma",
        "points between the thousands of totals",
        w.by_pattern(rb"\n(\d+),(\d+)\n", rb"\n\1.\2\n"),
    )
    add(
        "decimal comma",
        "no mark between the thousands of totals",
        w.by_pattern(rb"\n(\d+),(\d+)\n", rb"\n\1\2\n"),
    )
    add("encoding", "written in utf-16", w.encoded("utf-16"))
    add("encoding", "written with a mark", w.encoded("utf-8", mark=b"\xef\xbb\xbf"))
    add("line ends", "lines end in CRLF", w.ended_by(b"\r\n"))
    for share in (0.3, 0.9):
        add("truncated", f"cut at {share:.0%}", w.cut_at(share))
    add(
        "truncated",
        "cut in the chart of the year and ended again",
        lambda c, _: c[: c.rindex(b'{"category"')] + b"</html>",
    )
    add(
        "duplicated",
        "a day twice",
        w.by_pattern(rb'(\{"category": "2025-03-11","column-1": \d+\},)', rb"\1\1"),
    )
    add(
        "structure",
        "one track is chosen",
        w.in_turn(
            w.in_bytes(
                b'<option value="">Select track...</option>',
                b'<option value="">Select track...</option><option selected="" id="7001" value="X"></option>',
            )
        ),
    )
    add(
        "structure",
        "the page of another store is chosen",
        w.in_bytes(b'<option selected="" value="streams">', b'<option value="streams">'),
        names="",
    )
    add(
        "no data",
        "the page to sign in",
        w.instead(sign_in_page().replace(b"</body>", b"<!-- %d --></body>")),
    )
    return m.found


def _apple() -> list[Mutation]:
    m = Mutations(FIRST_APPLE)
    add = m.add
    day = rb'"field":'
    add(
        "renamed",
        "`last365days` is called otherwise",
        w.in_bytes(b'"last365days":{', b'"lastYear":{'),
    )
    add(
        "renamed",
        "a list is called otherwise",
        w.in_bytes(b"country1year", b"land1year"),
        names="country1year",
    )
    add(
        "dropped",
        "`total` is gone from all charts",
        w.by_pattern(rb',"total":\d+', b""),
        becomes={"surface_total": None},
    )
    add("dropped", "the printed totals are gone", w.by_pattern(rb"(?s)<table.*?</table>", b""))
    add(
        "swapped",
        "days and weeks have each other's names",
        w.in_turn(
            w.in_bytes(b'"last365days"', b"#"),
            w.in_bytes(b'"byWeek"', b'"last365days"'),
            w.in_bytes(b"#", b'"byWeek"'),
        ),
    )
    add(
        "swapped",
        "tracks and devices have each other's names",
        w.in_turn(
            w.in_bytes(b'"tracks1year"', b"#"),
            w.in_bytes(b'"devices1year"', b'"tracks1year"'),
            w.in_bytes(b"#", b'"devices1year"'),
        ),
        undetectable="swapped headers",
    )
    add("retyped", "figures as texts", w.by_pattern(rb'"value":(\d+)', rb'"value":"\1"'))
    add(
        "retyped",
        "one figure is a fraction",
        w.by_pattern(rb'"2025-03-11","value":(\d+)', rb'"2025-03-11","value":\1.5'),
    )
    add(
        "rescaled",
        "all days are ten times as much",
        w.by_pattern(rb'("2025-\d\d-\d\d","value":\d+)', rb"\g<1>0"),
    )
    add(
        "rescaled",
        "the items of a list are ten times as much",
        w.by_pattern(rb'("id":\d+,"value":\d+)', rb"\g<1>0"),
        names="tracks1year",
    )
    add("date format", "days as 20.05.2025", _days_as(day, rb'"field":"\3.\2.\1"'))
    add(
        "decimal comma",
        "points between the thousands of totals",
        w.by_pattern(rb">(\d+),(\d+)</div>", rb">\1.\2</div>"),
    )
    add("encoding", "written in utf-16", w.encoded("utf-16"))
    add("truncated", "cut at 50%", w.cut_at(0.5))
    add(
        "duplicated",
        "a day twice",
        w.by_pattern(rb'(\{"field":"2025-03-11","value":\d+\},)', rb"\1\1"),
    )
    add(
        "duplicated",
        "an item of a list twice",
        w.by_pattern(rb'(\{"field":"Hail"[^}]*\},)', rb"\1\1"),
    )
    add("structure", "a comma too many in the data", w.in_bytes(b'}],"total"', b'},],"total"'))
    add(
        "structure",
        "one track's name above the figures",
        w.in_bytes(b"appleTrackName = ''", b"appleTrackName = 'Hail'"),
    )
    return m.found


def _later_spotify() -> list[Mutation]:
    m = Mutations(LATER_SPOTIFY)
    add = m.add
    add(
        "rescaled",
        "charts and totals in thousands",
        w.in_turn(
            w.by_pattern(rb'"column-1": (\d+)', rb'"column-1": \g<1>000'),
            w.by_pattern(rb"\n(\d+),(\d+)\n", rb"\n\1,\2,000\n"),
        ),
    )
    add(
        "date format",
        "days of the year before",
        w.by_pattern(rb'"category": "2025', b'"category": "2024'),
        names="60 days",
    )
    add(
        "dropped",
        "one day is gone",
        w.by_pattern(rb'\{"category": "2025-03-11","column-1": \d+\},', b""),
    )
    add(
        "swapped",
        "the figure stands before the day",
        w.by_pattern(rb'("category": "[^"]*"),("column-1": \d+)', rb"\2,\1"),
    )
    add("truncated", "cut at 60%", w.cut_at(0.6))
    return m.found


def _later_apple() -> list[Mutation]:
    m = Mutations(LATER_APPLE)
    add = m.add
    add(
        "renamed",
        "a list is called otherwise",
        w.in_bytes(b"country1year", b"land1year"),
        names="country1year",
    )
    add(
        "rescaled",
        "all days are ten times as much",
        w.by_pattern(rb'("2025-\d\d-\d\d","value":\d+)', rb"\g<1>0"),
    )
    add("retyped", "figures as texts", w.by_pattern(rb'"value":(\d+)', rb'"value":"\1"'))
    return m.found
