"""Where the invented label sells: stores as DistroKid spells them, places, seasons."""

from dataclasses import dataclass

# Per mille of a world's plays. NA is Namibia, XK Kosovo; OU («outside the US») is what Facebook
# lines carry in place of a country.
_WORLD = (
    ("US", 260),
    ("DE", 95),
    ("GB", 90),
    ("BR", 80),
    ("MX", 70),
    ("FR", 55),
    ("IN", 50),
    ("CA", 45),
    ("ID", 40),
    ("NL", 35),
    ("PL", 30),
    ("AU", 30),
    ("SE", 25),
    ("TR", 20),
    ("PH", 18),
    ("ZA", 12),
    ("KE", 8),
    ("NA", 7),
    ("XK", 6),
    ("IS", 4),
)
_LARGE = _WORLD[:8]
_WEST = (("US", 620), ("GB", 140), ("DE", 120), ("CA", 80), ("AU", 40))


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreModel:
    """How one store behaves.

    `share` is per mille of a recording's units, `rate` what one unit pays in units of 1e-12 USD,
    `lag` the usual and the longest number of months from the sale to the report, `splits` in how
    many lines the store reports one country's units.
    """

    name: str
    share: int
    rate: int
    lag: tuple[int, int]
    places: tuple[tuple[str, int], ...] = _WORLD
    splits: int = 1
    renamed_from_2025: str | None = None


DEDUCTING_STORE = "Spotify"
"""The one store that takes a commission back on part of the plays, as lines below zero."""

UNITLESS_STORE = "YouTube (Ads)"
"""The one store that pays for recordings with no unit at all."""

ALBUM_STORE = "iTunes"
"""Whole releases are sold here; such lines carry no ISRC."""

UNKNOWN_STORE = "Lumivox Radio"
"""Invented, so that no alias file knows it."""

STORES = (
    StoreModel(name="Spotify", share=620, rate=3_104_000_000, lag=(2, 2)),
    StoreModel(name="Apple Music", share=90, rate=6_730_000_000, lag=(1, 3), places=_LARGE),
    StoreModel(
        name="YouTube (Ads)", share=50, rate=912_000_000, lag=(1, 1), places=_WEST, splits=2
    ),
    StoreModel(name="YouTube (Red)", share=50, rate=4_480_000_000, lag=(1, 1), places=_WEST),
    StoreModel(name="YouTube (Audio)", share=3, rate=1_350_000_000, lag=(1, 2), places=_WEST),
    StoreModel(name="TikTok", share=70, rate=41_300_000, lag=(2, 2), places=_WEST),
    StoreModel(name="Tidal", share=12, rate=8_890_000_000, lag=(1, 4), places=_WEST[:2]),
    StoreModel(
        name="Facebook",
        share=20,
        rate=23_700_000,
        lag=(2, 4),
        places=(("US", 400), ("OU", 600)),
        splits=2,
    ),
    StoreModel(
        name="Deezer", share=14, rate=5_420_000_000, lag=(3, 4), places=(("FR", 700), ("DE", 300))
    ),
    StoreModel(
        name="Amazon Unlimited (Streaming)",
        share=16,
        rate=7_260_000_000,
        lag=(2, 2),
        places=_WEST[:3],
        renamed_from_2025="Amazon Unlimited (streaming)",
    ),
    StoreModel(
        name="Amazon Prime (Streaming)",
        share=8,
        rate=3_870_000_000,
        lag=(2, 2),
        places=_WEST[:2],
    ),
    StoreModel(
        name="Pandora", share=8, rate=1_940_000_000, lag=(2, 3), places=(("US", 1000),), splits=2
    ),
    StoreModel(name="NetEase", share=4, rate=710_000_000, lag=(3, 5), places=(("CN", 1000),)),
    StoreModel(name="Flo", share=3, rate=2_280_000_000, lag=(5, 5), places=(("BR", 1000),)),
    StoreModel(
        name="iTunes Songs", share=1, rate=690_000_000_000, lag=(1, 3), places=(("US", 30),)
    ),
    StoreModel(name="iTunes Match", share=1, rate=1_120_000_000, lag=(1, 3), places=_WEST),
    StoreModel(name=UNKNOWN_STORE, share=3, rate=2_610_000_000, lag=(2, 3), places=(("US", 1000),)),
)

PAY_LEVELS = {
    **dict.fromkeys(("US", "GB", "DE", "CA", "AU", "SE", "IS", "NL", "FR"), 1000),
    **dict.fromkeys(("PL", "ZA", "CN", "OU", "XK", "NA"), 620),
    **dict.fromkeys(("BR", "MX", "IN", "ID", "TR", "PH", "KE"), 340),
}
"""What a unit pays in a country, per mille of the store's rate."""

SEASONS = (880, 900, 960, 980, 1010, 1060, 1120, 1090, 1000, 1010, 1070, 1240)
"""How much is played in each calendar month, per mille of an average one."""

WEEKDAYS = {
    "Spotify": (950, 965, 980, 1000, 1120, 1070, 915),
    "Apple Music": (990, 1000, 1005, 1010, 1085, 985, 925),
}
"""How much is played on each day of the week from Monday on, per mille of an average one."""
