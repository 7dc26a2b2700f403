"""The ledger: royalty lines without identifiers, in exports that overlap and are restated.

Lines are grouped by the contract's business key. Per key each capture holds a multiset of
(units, amount). The captures are walked in the order of their `as_of`: what contains the state
so far becomes the state, what is contained in it changes nothing, and anything else replaces it
for that key only, which is a restatement. A key that a capture lacks is left as it is.

The walk is over all captures of a partition at once and sorted, so the order, batching and
repetition in which files arrived cannot matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedrot.contracts.model import Column
from bedrot.engine.quoting import literal, unambiguous_text
from bedrot.merge.restated import no_restatements, restated_keys
from bedrot.merge.sightings import ChunkRows, Sighting, lines_view, seniority

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Contract

COARSE_SCALE = 8
FINE_SCALE = 12
"""The decimals of amounts in the two layouts that are known; a row set has one of them."""

_RESTATED = (
    ("old_units", "bigint", "integer", "Units that stood before."),
    ("old_amount", "decimal(38,12)", "number", "Amount that stood before."),
    ("new_units", "bigint", "integer", "Units that stand since."),
    ("new_amount", "decimal(38,12)", "number", "Amount that stands since."),
    ("is_conflict", "boolean", "boolean", "Whether two captures of one moment disagree."),
)


def restatement_columns(_contract: Contract) -> tuple[Column, ...]:
    """What a key's lines came to before and after."""
    return tuple(
        Column(name=name, sql_type=sql_type, logical_type=logical_type, description=description)
        for name, sql_type, logical_type, description in _RESTATED
    )


def merge_partition(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    partition: str,
    chunks: Sequence[ChunkRows],
    walk: Sequence[Sighting],
) -> int | None:
    """Leave the relations `merged` and `restated` for one partition, until `forget_merge`.

    `merged` has the contract's columns. `restated` has the business key, the closing partition,
    the columns of `restatement_columns`, `file_id` and `as_of` of the capture that changed the value.

    `walk` is in the order of `as_of`, unknown first; among equal times the smaller payload hash
    comes last and so stands.

    Returns:
        The chunk whose rows `merged` just is, if there is one: its file may stand as it is.
    """
    con.execute(lines_view(contract, partition, chunks))
    con.execute(
        f"create temp table restated as {no_restatements(contract, restatement_columns(contract))}"
    )
    contested = len(chunks) > len({chunk.account_id for chunk in chunks})
    if not contested and not any(sighting.withdrawal for sighting in walk):
        con.execute("create temp view merged as select * exclude (_chunk) from lines")
        return chunks[0].chunk if len(chunks) == 1 else None
    _register(con, chunks, walk)
    for statement in _contested_statements(contract):
        con.execute(statement)
    con.execute("create temp view merged as select * exclude (_chunk) from chosen")
    return _sole_chunk(con)


def _sole_chunk(con: duckdb.DuckDBPyConnection) -> int | None:
    chosen = con.execute("select _chunk, count(*) from chosen group by _chunk").fetchall()
    if len(chosen) != 1:
        return None
    chunk, rows = chosen[0]
    held = con.execute("select count(*) from lines where _chunk = ?", [chunk]).fetchall()[0][0]
    return int(chunk) if held == rows else None


def forget_merge(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what `merge_partition` left."""
    for view in ("merged", "chosen", "lines"):
        con.execute(f"drop view if exists {view}")
    for table in (
        "restated",
        "contested",
        "contested_dates",
        "signatures",
        "disputed",
        "held",
        "walked",
        "standing",
        "chunk_facts",
        "walk_steps",
        "withdrawn_scope",
    ):
        con.execute(f"drop table if exists {table}")


def _register(
    con: duckdb.DuckDBPyConnection, chunks: Sequence[ChunkRows], walk: Sequence[Sighting]
) -> None:
    con.execute("create temp table chunk_facts (_chunk integer, scale integer, place integer)")
    con.execute(
        "create temp table walk_steps (place integer, _chunk integer, account_id varchar, "
        "file_id varchar, as_of timestamptz, decides boolean, first date, last date, "
        "seniority integer, confirmed_at timestamptz)"
    )
    con.execute("create temp table withdrawn_scope (place integer, name varchar, value varchar)")
    last_place = {sighting.chunk: place for place, sighting in enumerate(walk)}
    con.executemany(
        "insert into chunk_facts values (?, ?, ?)",
        [[chunk.chunk, chunk.scale, last_place[chunk.chunk]] for chunk in chunks],
    )
    ranks = seniority(walk)
    for place, sighting in enumerate(walk):
        gone = sighting.withdrawal
        con.execute(
            "insert into walk_steps values "
            "(?, ?, ?, ?, cast(? as timestamptz), ?, ?, ?, ?, cast(? as timestamptz))",
            [
                place,
                sighting.chunk,
                sighting.account_id,
                sighting.file_id,
                None if sighting.as_of is None else sighting.as_of.isoformat(),
                gone is not None,
                gone.first if gone else None,
                gone.last if gone else None,
                ranks[place],
                None if sighting.confirmed_at is None else sighting.confirmed_at.isoformat(),
            ],
        )
        for name, values in (gone.scope if gone else {}).items():
            con.execute(
                "insert into withdrawn_scope select ?, ?, unnest(?::varchar[])",
                [place, name, list(values)],
            )


def _contested_statements(contract: Contract) -> list[str]:
    key = list(contract.properties["businessKey"])
    closing = contract.properties["closingDate"]
    amount = contract.properties["amount"]
    units = contract.properties["units"]
    scope = list(contract.properties.get("scope", ()))
    key_text = unambiguous_text(key)
    row_hash = "hash(" + ", ".join(f'"{c.name}"' for c in contract.content_columns) + ")"
    in_scope = "".join(
        f' and (gone."{name}" is null or exists (select 1 from withdrawn_scope as scope '
        f"where scope.place = steps.place and scope.name = {literal(name)} "
        f'and scope.value = gone."{name}"))'
        for name in scope
    )
    return [
        # Only what stands in more than one row set can differ. The closing date is part of the
        # key and cheap, so most lines never reach the comparison.
        f"""
        create temp table contested_dates as
        select account_id, "{closing}" from lines group by all
        having count(distinct _chunk) > 1
            or bool_or(account_id in (select account_id from walk_steps where decides))
        """,
        f"""
        create temp table contested as
        select lines.*, {key_text} as _key, {row_hash} as _hash
        from lines join contested_dates using (account_id, "{closing}")
        """,
        # Most keys are repeated as they were, line by line and letter by letter: nothing is to be
        # decided there, and comparing their multisets would only cost time.
        """
        create temp table signatures as
        select _key, _chunk, count(*) as line_count, sum(_hash) as signature
        from contested group by _key, _chunk
        """,
        """
        create temp table disputed as
        select _key from signatures group by _key
        having count(distinct (line_count, signature)) > 1
            or bool_or((select bool_or(decides) from walk_steps))
        """,
        # What each row set says of each other key: its multiset, as a list of distinct texts in
        # which equal lines are numbered. Amounts are compared at the coarsest scale that holds
        # the key.
        f"""
        create temp table held as
        with scales as (
            select _key, min(scale) as scale
            from contested
            join disputed using (_key)
            join chunk_facts using (_chunk)
            group by _key
        ),
        elements as (
            select _key, _chunk, _hash, "{units}" as units, "{amount}" as amount,
                cast("{units}" as varchar) || '|' || cast(
                    case when scale > {COARSE_SCALE} then "{amount}"
                        else cast(round("{amount}", {COARSE_SCALE}) as decimal(22, 12)) end
                    as varchar
                ) as element
            from contested join scales using (_key)
        ),
        numbered as (
            select *, element || '#' || cast(
                row_number() over (partition by _key, _chunk, element order by _hash) as varchar
            ) as numbered_element
            from elements
        )
        select _key, _chunk, list_sort(list(numbered_element)) as content,
            sum(_hash) as signature, sum(units) as units,
            cast(sum(amount) as decimal(38, 12)) as amount
        from numbered group by _key, _chunk
        """,
        # The walk. A capture that does not hold the key has no step, unless a person declared
        # that what it lacks is withdrawn: then its step is empty and decides.
        f"""
        create temp table walked as
        with recursive gone_steps as (
            select distinct steps.place, gone._key
            from walk_steps as steps
            join contested as gone on gone.account_id = steps.account_id
            where steps.decides
                and not exists (
                    select 1 from held
                    where held._key = gone._key and held._chunk = steps._chunk
                )
                and gone."{closing}" between steps.first and steps.last
                {in_scope}
        ),
        said as (
            select held._key, steps.place, held.content, held.units, held.amount,
                steps.file_id, steps.as_of, steps.decides,
                coalesce(steps.confirmed_at, steps.as_of) as seen_until
            from walk_steps as steps
            join held using (_chunk)
            union all
            select gone_steps._key, steps.place, [], 0, 0, steps.file_id, steps.as_of, true,
                steps.as_of
            from gone_steps join walk_steps as steps using (place)
        ),
        ordered as (
            select *, row_number() over (partition by _key order by place) as step from said
        ),
        walk as (
            select _key, step, content, units, amount, cast(null as bigint) as old_units,
                cast(null as decimal(38, 12)) as old_amount, file_id, as_of, false as is_restated,
                seen_until as stood_until, false as is_conflict
            from ordered where step = 1
            union all
            select _key, step, case when moves then new_content else content end,
                case when moves then new_units else units end,
                case when moves then new_amount else amount end,
                units, amount, new_file_id, new_as_of, moves and not grown,
                case when moves or grown then new_seen_until else stood_until end,
                moves and not grown and new_as_of is not distinct from stood_until
            from (
                select ordered._key, ordered.step, walk.content, walk.units, walk.amount,
                    walk.stood_until, ordered.content as new_content, ordered.units as new_units,
                    ordered.amount as new_amount, ordered.file_id as new_file_id,
                    ordered.as_of as new_as_of, ordered.seen_until as new_seen_until,
                    not ordered.decides and list_has_all(ordered.content, walk.content) as grown,
                    ordered.content <> walk.content and (
                        ordered.decides or not list_has_all(walk.content, ordered.content)
                    ) as moves
                from walk
                join ordered on ordered._key = walk._key and ordered.step = walk.step + 1
            )
        )
        select * from walk
        """,
        # Which row set gives the lines of a key: of those that hold what stands, the one with the
        # finest scale, then the newest. The line's origin is the earliest that has equal lines.
        """
        create temp table standing as
        with final as (
            select _key, content from walked
            qualify row_number() over (partition by _key order by step desc) = 1
        ),
        candidates as (
            select held._key, held._chunk, held.signature, facts.scale, facts.place
            from held
            join final on final._key = held._key and final.content = held.content
            join chunk_facts as facts using (_chunk)
        ),
        winners as (
            select _key, signature from candidates
            qualify row_number() over (partition by _key order by scale desc, place desc) = 1
        ),
        choices as (
            select _key, _chunk from candidates join winners using (_key, signature)
            union all
            select _key, _chunk from signatures anti join disputed using (_key)
        )
        select choices._key, choices._chunk
        from choices
        join (select _chunk, min(seniority) as rank from walk_steps group by _chunk)
            as sightings using (_chunk)
        qualify row_number() over (partition by choices._key order by rank) = 1
        """,
        f"""
        insert into restated
        with named as (
            select distinct _key, {", ".join(f'"{name}"' for name in restated_keys(contract))}
            from contested semi join disputed using (_key)
        )
        select {", ".join(f'named."{name}"' for name in restated_keys(contract))},
            walked.old_units, walked.old_amount, walked.units, walked.amount, walked.is_conflict,
            walked.file_id, walked.as_of
        from walked join named using (_key)
        where walked.is_restated
        """,
        f"""
        create temp view chosen as
        select * from lines
        where not exists (
            select 1 from contested_dates as dates
            where dates.account_id = lines.account_id and dates."{closing}" = lines."{closing}"
        )
        union all
        select contested.* exclude (_key, _hash)
        from contested join standing using (_key, _chunk)
        """,
    ]
