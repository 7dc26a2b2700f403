"""`bedrot init`."""

from __future__ import annotations

from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import print_json, say


def init(*, lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """Make an empty lake: a folder with its configuration, lake.toml and aliases.toml.

    Nothing happens where there is a lake already. `bedrot import` makes one too.

    Examples:
      bedrot init
      bedrot init --lake /data/lake
    """
    from bedrot.app import create_lake
    from bedrot.zones.aliases import ALIASES_KEY
    from bedrot.zones.lake import CONFIG_KEY

    opened, is_made = create_lake(lake)
    config, aliases = opened.store.local(CONFIG_KEY), opened.store.local(ALIASES_KEY)
    if as_json:
        told = {"lake": opened.name, "is_made": is_made}
        print_json({**told, "config": str(config), "aliases": str(aliases)})
        return
    say(f"made the lake `{opened.name}`" if is_made else f"`{opened.name}` is a lake already")
    say(f"its default account and time zone: {config}")
    say(f"the names of its artists and accounts: {aliases}")
    say("next: `bedrot import PATH`")
