"""Masking a statistics page before it lands: whose it is and the page's secrets, never a figure."""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, quote_plus

# What the figures and their scope are read from stays byte for byte, whatever it looks like. So do
# the drawings of the charts: they show nothing else, and are six sevenths of a page.
_KEPT = rb"""
    AmCharts\.makeChart\(\s*"trend .*? </script
  | \bvar\s+chartData\s*= .*? </script
  | <svg\b[^<>]*>\s*<desc>JavaScript\schart\sby\samCharts .*? </svg
  | <select\b[^<>]*\b(?:trending\w+|\w+Pulldown|am4aArtists)\b[^<>]*> .*? </select
  | <t[dh]\b[^<>]*> \s*(?:Last\s+[0-9]+\s+days|[0-9][0-9,]*)\s* <
  | <div\b[^<>]*\bid="last[0-9]+"[^<>]*> [^<]* <
  | \bserverTime\s*=\s*new\s+Date\([^)]*\)
  | distrokid\.com%2Fstats%2F?(?:%3F[\w%.~+-]*)?
  | distrokid\.(?:com|app\.link)
  | \bholder-[0-9a-f]{16}(?![0-9a-f])
  | \[(?:email|id|key|name|session|text|token|uuid)\]
"""
# What the page says of the account: to the object's end, or where that cannot be told, the script's.
_ME_OBJECT = rb"""
    \bvar\s+me\s*=\s*\{ (?: (?!</script)[^{}'"] | '(?:\\.|[^'\\<]|<(?!/script))*'
                        | "(?:\\.|[^"\\<]|<(?!/script))*" )* \}
  | \bvar\s+me\s*=\s*\{ .*? (?:(?=</script)|\Z)
"""
_SECRETS = rb"""
    (?P<session> \bdistrokid_[0-9a-fA-F-]{30,40}_[0-9]+ )
  | (?P<owner> \buser_?id["']?\s*[:=]\s*["']? ) (?P<owner_id> [0-9]+ ) (?![0-9])
  | (?P<field> <input\b[^>]*\b(?:name|id|class)=["']?[^"'>]*(?:token|csrf|auth|nonce|session)
               [^>]*?\bvalue=["'] ) (?P<field_value> [^"'\[]+ )
  | (?P<key> (?:key|token|secret|nonce|password)["']?\s*[:=]\s*["']
             | \banalytics\.load\(["'] ) (?P<key_value> [\w.+/=-]{8,} ) (?=["'])
  | (?P<param> (?:[?&;]|%26)
               (?:a?uid|sid|vid|mid|cid|fpid|[gf]bc?lid|ttclid|msclkid|fbp|fbc|external_id|random|fst
               |(?:client|visitor|session|anonymous)_?id)= ) (?P<param_value> [^&"'\s<>;\[]{6,} )
  | (?P<email> (?:(?<=%[0-9A-Fa-f]{2})|(?<![A-Za-z0-9._+%-]))
               [A-Za-z0-9._+-]+(?:@|%40)(?![0-9]+x?\.(?:min|js|css|png|jpe?g|svg|gif|webp)\b)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+ )
  | (?P<uuid> (?<![0-9A-Fa-f])[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}
              -(?:[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{16})(?![0-9A-Fa-f]) )
"""
# Long runs of small and great letters and digits, or of hexadecimal digits.
_TOKENS = rb"""
    (?P<token> (?-i:
               (?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]{22})
               (?=[a-z0-9_-]*[A-Z])(?=[A-Z0-9_-]*[a-z])(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]+
             | (?<![A-Za-z0-9_-])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{20,}(?![A-Za-z0-9_-]) ))
"""
_FLAGS = re.IGNORECASE | re.DOTALL | re.VERBOSE

# Where one of these patterns can begin at all. Tried at every byte of a page, which is mostly
# drawings, they take a tenth of a second; tried only here, a hundredth.
_BEGINNINGS = (
    b"amcharts.makechart",
    b"analytics.load(",
    b"distrokid",
    b"holder-",
    b"key",
    b"nonce",
    b"password",
    b"secret",
    b"servertime",
    b"token",
    b"user",
    b"var",
    b"<div",
    b"<input",
    b"<select",
    b"<svg",
    b"<td",
    b"<th",
    b"[email]",
    b"[id]",
    b"[key]",
    b"[name]",
    b"[session]",
    b"[text]",
    b"[token]",
    b"[uuid]",
)
_PARAM_BEGINNINGS = (re.compile(rb"[?&;](?=[a-z_]{3,20}=)"), re.compile(rb"%26(?=[a-z_]{3,20}=)"))
_ADDRESS_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789._+-")
_UUID_DASH = re.compile(rb"-(?=[0-9a-f]{4}-)")
_TOKEN_BYTES = b"abcdefghijklmnopqrstuvwxyz0123456789_-"
_DOTTED = bytes(ord(".") if byte in _TOKEN_BYTES else 0 for byte in range(256))
_TOKEN_RUN = b"." * 20

_OWNER = re.compile(rb"\buser_?id[\"']?\s*[:=]\s*[\"']?(holder-[0-9a-f]{16}|[0-9]+)", re.IGNORECASE)
_ME = re.compile(_ME_OBJECT, _FLAGS)
_FIELD = re.compile(
    rb"""(?P<name>[A-Za-z_]\w*)(?P<colon>\s*:\s*)(?P<value>
        '(?:\\.|[^'\\])*'(?=\s*(?:[,}\r\n]|\Z)) | "(?:\\.|[^"\\])*"(?=\s*(?:[,}\r\n]|\Z))
      | [\w.+-]+(?=\s*(?:[,}\r\n]|\Z)) | [^\r\n]+?(?=,?\s*(?:[\r\n]|\Z)) )""",
    re.DOTALL | re.VERBOSE,
)
# What the page says of the account that names nobody.
_HARMLESS = frozenset({b"plan", b"artistNamesAllowed", b"priority", b"hasPhone", b"okayToText"})
_PLACEHOLDERS = {
    b"email": b"[email]",
    b"useruuid": b"[uuid]",
    b"displayName": b"[name]",
    b"username": b"[name]",
}
_PLAIN = re.compile(rb"true|false|null|0|\[\w+\]|holder-[0-9a-f]{16}")
# A name that is also one of the words by which a page is known and read stays outside of `me`.
_WORDS_OF_THE_PAGE = (
    b"<!doctype html head body meta script style svg table tbody tr td div span select option "
    b"selected value class id href src url https distrokid.com stats type=all track album artist "
    b"data=streams applemusic spotify estimates apple trackname servertime = new date gmt "
    b"amcharts.makechart dataprovider category column-1 field chartdata isempty total "
    b"trendingdownloadsorstreams trendingmasterselect trendingfiltertracks trendingfilteralbums "
    b"trendweekly trendmonthly trend60day trend365day last days byweek bymonth user_id userid me"
)
_ROUNDS = 4


def mask_statistics(source: BinaryIO, target: BinaryIO) -> Mapping[str, int]:
    """Copy a statistics page without the holder's identity and the page's secrets.

    Charts, totals, drop-downs and the page's own address are left as they are. Masking a masked
    page changes nothing. Returns how often each kind was masked.
    """
    content = source.read()
    counts: Counter[str] = Counter()
    for _ in range(_ROUNDS):
        masked, found = _mask_once(content)
        counts += found
        if masked == content:
            break
        content = masked
    target.write(content)
    return dict(sorted(counts.items()))


def holder(path: Path) -> str | None:
    """A fingerprint of the account whose page it is, equal before and after masking.

    None where nobody was signed in, or the page does not say.
    """
    content = path.read_bytes()
    found = _me_fields(content).get(b"id") or b""
    if not _is_holder(found):
        owner = _OWNER.search(content)
        found = owner[1] if owner else b""
    return _fingerprint(found).decode() if _is_holder(found) else None


def _mask_once(content: bytes) -> tuple[bytes, Counter[str]]:
    counts: Counter[str] = Counter()

    def masked(found: re.Match[bytes]) -> bytes:
        kind, text = _masked(found)
        if text != found[0]:
            counts[kind] += 1
        return text

    own_id, names = _own(content)
    pattern = _pattern_for(own_id, names)
    parts, end = [], 0
    for place in _places(content, [own_id, *names] if own_id else names):
        found = pattern.match(content, place) if place >= end else None
        if found is not None:
            parts += [content[end : found.start()], masked(found)]
            end = found.end()
    return b"".join([*parts, content[end:]]), counts


def _places(content: bytes, own: Sequence[bytes]) -> list[int]:
    """Every place where a pattern may begin, and some more, in order."""
    text = content.lower()
    places = {place for word in (*_BEGINNINGS, *own) for place in _all(text, word.lower())}
    places |= {found.start() for begins in _PARAM_BEGINNINGS for found in begins.finditer(text)}
    places |= {found.start() - len("01234567") for found in _UUID_DASH.finditer(text)}
    places |= set(_runs(text.translate(_DOTTED)))
    for at in (*_all(text, b"@"), *_all(text, b"%40")):
        place = at - 1
        while place >= 0 and text[place] in _ADDRESS_BYTES:
            places.add(place)
            place -= 1
    return sorted(place for place in places if place >= 0)


def _runs(text: bytes) -> Iterator[int]:
    """Where long runs of what tokens are made of begin."""
    place = text.find(_TOKEN_RUN)
    while place >= 0:
        yield place
        end = text.find(b"\0", place)
        place = text.find(_TOKEN_RUN, end) if end >= 0 else -1


def _all(text: bytes, word: bytes) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _masked(found: re.Match[bytes]) -> tuple[str, bytes]:
    groups = found.groupdict()
    if groups["me"]:
        return "holder", _FIELD.sub(_masked_field, found[0])
    if groups["owner"]:
        return "holder", groups["owner"] + _fingerprint(groups["owner_id"])
    if groups.get("holder_id"):
        return "holder", _fingerprint(found[0])
    for name, value, kind in (
        ("field", "field_value", "token"),
        ("key", "key_value", "key"),
        ("param", "param_value", "id"),
    ):
        if groups[value]:
            return kind, groups[name] + b"[%b]" % kind.encode()
    for kind in ("session", "email", "uuid", "token", "name"):
        if groups.get(kind):
            return kind, b"[%b]" % kind.encode()
    return "", found[0]


def _masked_field(found: re.Match[bytes]) -> bytes:
    name, value = found["name"], found["value"]
    inner = _unquoted(value)
    if name in _HARMLESS or not inner or _PLAIN.fullmatch(inner):
        return found[0]
    mark = value[:1] if value[:1] in {b"'", b'"'} else b"'"
    masked = _fingerprint(inner) if name == b"id" else _PLACEHOLDERS.get(name, b"[text]")
    return name + found["colon"] + mark + masked + mark


def _own(content: bytes) -> tuple[bytes, list[bytes]]:
    """The holder's id, and names and addresses, the longest first; empty where there are none."""
    fields = _me_fields(content)
    own_id = fields.get(b"id", b"")
    # A short number means many things; where it stands as `user_id` it is found all the same.
    is_told = own_id.isdigit() and len(own_id) >= 5
    names = sorted(_own_values(fields), key=lambda value: (-len(value), value))
    return own_id if is_told else b"", names


def _pattern_for(own_id: bytes, names: Sequence[bytes]) -> re.Pattern[bytes]:
    """What to look for in a page: what stays, secrets of all pages, and this holder's own values."""
    parts = [_KEPT, b"(?P<me> %b )" % _ME_OBJECT, _SECRETS]
    if own_id:
        parts.append(rb"(?P<holder_id> (?<![0-9.])%b(?![0-9]) )" % own_id)
    if names:
        values = b"|".join(re.escape(value) for value in names)
        parts.append(rb"(?P<name> (?<!\w)(?<!<)(?<!</)(?:%b)(?!\w) )" % values)
    return re.compile(b"|".join([*parts, _TOKENS]), _FLAGS)


def _own_values(fields: Mapping[bytes, bytes]) -> set[bytes]:
    """The holder's names and addresses in the forms in which a page may write them."""
    values: set[bytes] = set()
    for name, value in fields.items():
        if name in _HARMLESS or name == b"id" or _PLAIN.fullmatch(value) or len(value) < 3:
            continue
        # A long text or an address of a picture is looked for as a whole; so is a name.
        values |= set(_forms(value))
    return {value for value in values if value.lower() not in _WORDS_OF_THE_PAGE}


def _forms(value: bytes) -> Iterator[bytes]:
    for plain in (value, re.sub(rb"\\(.)", rb"\1", value, flags=re.DOTALL)):
        yield plain
        yield html.escape(plain.decode("latin-1")).encode("latin-1")
        yield quote(plain, safe="").encode()
        yield quote_plus(plain).encode()


def _me_fields(content: bytes) -> dict[bytes, bytes]:
    """The fields of the page's `var me = {…}`, unquoted."""
    block = _ME.search(content)
    if block is None:
        return {}
    return {found["name"]: _unquoted(found["value"]) for found in _FIELD.finditer(block[0])}


def _unquoted(value: bytes) -> bytes:
    is_quoted = len(value) >= 2 and value[:1] == value[-1:] and value[:1] in {b"'", b'"'}
    return value[1:-1] if is_quoted else value


def _is_holder(value: bytes) -> bool:
    return bool(re.fullmatch(rb"holder-[0-9a-f]{16}|0*[1-9][0-9]*", value))


def _fingerprint(holder_id: bytes) -> bytes:
    """What stands for the holder's id; the same for equal ids, and for itself."""
    if holder_id.startswith(b"holder-") or not holder_id.strip(b"0"):
        return holder_id
    return b"holder-" + hashlib.sha256(b"distrokid|" + holder_id).hexdigest()[:16].encode()
