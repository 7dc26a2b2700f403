"""`bedrot init`."""

from __future__ import annotations

from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import print_json, say


def init(*, lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """Make an empty lake: a folder with its configuration, lake.toml.

    Nothing happens where there is a lake already. `bedrot import` makes one too.

    Examples:
      bedrot init
      bedrot init --lake /data/lake
    """
    from bedrot.app import create_lake
    from bedrot.zones.lake import CONFIG_KEY

    opened, is_made = create_lake(lake)
    config = opened.store.local(CONFIG_KEY)
    if as_json:
        print_json({"lake": opened.name, "is_made": is_made, "config": str(config)})
        return
    say(f"made the lake `{opened.name}`" if is_made else f"`{opened.name}` is a lake already")
    say(f"its accounts and time zones: {config}")
    say("next: `bedrot import PATH`")
