"""Payloads that are made to exhaust whoever reads them: depth, length, width, odd characters."""

from __future__ import annotations

from fuzzing.seeds import all_seeds

DEEP = 100_000
WIDE = 1_000_000
TAGS = 20_000
LONG = 2 << 20


def bombs() -> dict[str, bytes]:
    """Each by what it is, grown from what a source recognises where that is possible."""
    whole = {seed.name: seed.content for seed in all_seeds()}
    spotify = whole["toolost response for Spotify"]
    apple = whole["toolost response for Apple Music"]
    insights = whole["metaads insights"]
    tsv = whole["distrokid earnings as TSV"]
    sales = whole["toolost sales report"]
    page = whole["distrokid page of Spotify"]
    overview = whole["tiktok Overview.csv"]
    deep = b"[" * DEEP + b"]" * DEEP
    nested = b'{"a":' * DEEP + b"1" + b"}" * DEEP
    digits = b"9" * LONG
    head, _, rest = tsv.partition(b"\r")
    return {
        "brackets only": deep,
        "objects only": nested,
        "brackets that never close": b"[" * DEEP,
        "a list in a list for a figure (TooLost)": spotify.replace(b'"982"', deep, 1),
        "an object in an object for a list (TooLost)": apple.replace(b'"totalShazam": [', b'"x": ' + nested + b', "totalShazam": [', 1),
        "a list in a list for a field (Meta)": insights.replace(b'"clicks": "40"', b'"clicks": ' + deep, 1),
        "brackets in the data of a chart": page.replace(b'"dataProvider": [', b'"dataProvider": ' + b"[" * TAGS, 1),
        "opened tags": page.replace(b"<body", b"<div>" * TAGS + b"<td>" * TAGS + b"<body", 1),
        "closed tags that were never opened": page.replace(b"<body", b"<td>" * TAGS + b"</div>" * TAGS + b"<body", 1),
        "text between tags that stay open": page.replace(b"<body", b"<td>" + b"<div>x" * TAGS + b"<body", 1),
        "drop-downs that never end": page.replace(b"<body", b"<select " * TAGS + b"<body", 1),
        "scripts that never end": page.replace(b"<body", b"<svg>" * TAGS + b"<body", 1),
        "data that is declared again and again": page.replace(b"<body", b"var chartData = " * TAGS + b"<body", 1),
        "addresses without end": page.replace(b"<body", b"&url=https%3A%2F%2Fdistrokid.com%2Fstats" * TAGS + b"<body", 1),
        "letters of an address without end": insights.replace(b"The Tin", b"a" * LONG, 1),
        "quotes that never close in a script": page.replace(b'"category": "', b'"' * TAGS, 1),
        "a number of two million digits (TooLost)": spotify.replace(b'"941"', digits, 1),
        "a number of two million digits (Meta)": insights.replace(b'"1500"', digits, 1),
        "a number of two million digits in a chart": page.replace(b'"column-1": 1', b'"column-1": ' + digits, 1),
        "a number of two million digits in a table": tsv.replace(b"\t397\t", b"\t" + digits + b"\t", 1),
        "an exponent without end (TooLost)": spotify.replace(b'"941"', b"1e999999999", 1),
        "a header of a million columns": head + b"\tx" * WIDE + b"\r" + rest,
        "a header of a million columns, all ours": b"\t".join([head] * (WIDE // 13)) + b"\r" + rest,
        "a million delimiters": b"," * WIDE,
        "a record of a million fields": tsv + b"\t" * WIDE + b"\r",
        "a line without end": tsv[:-1] + b"x" * LONG,
        "a field without end": overview + b'\n"' + b"x" * LONG,
        "a quote that opens every field": sales.replace(b",", b',"'),
        "a million quotes": sales + b'"' * WIDE + b"\r\n",
        "a million empty lines": sales + b"\r\n" * WIDE,
        "zero bytes between": tsv.replace(b"\t", b"\0\t"),
        "zero bytes far behind the head": tsv * 40 + bytes(WIDE),
        "half characters in UTF-16": b"\xff\xfe" + sales.decode().encode("utf-16-le").replace(b"T\0i\0n\0", b"\0\xd8\0\xd8\0\xd8"),
        "half characters in JSON": insights.replace(b"The Tin", b"\\ud800\\udfff \\udc00"),
        "half characters in names (TooLost)": apple.replace(b'"Tin', b'"\\ud83d Tin'),
        "half characters in a chart": page.replace(b'"category": "2025-03-01"', b'"category": "\\ud800"'),
        "half characters in a list's names": whole["distrokid page of Apple Music"].replace(b'"field":"Hail"', b'"field":"\\ud800"'),
        "half characters for a figure (TooLost)": spotify.replace(b'"941"', b'"\\ud800"', 1),
        "every byte there is": bytes(range(256)) * 4096,
        "marks of all encodings": b"\xef\xbb\xbf\xff\xfe\xfe\xff" + sales,
    }  # fmt: skip
