-- Earnings lines number first_line to last_line (not included) of an invented ledger.
-- A line is a function of its number and the seed in whole-number arithmetic: no built-in hash
-- and no random(), which may differ between versions.
create or replace temp view bulk_lines as
with numbered as (
    select
        i,
        -- One line in 101 draws what its predecessor drew: equal lines are real. Its date is its
        -- own, so that a month's lines stay a range of numbers.
        i - cast(i % 101 = 100 as bigint) as n
    from range(getvariable('first_line'), getvariable('last_line')) as numbers (i)
),
-- Squares modulo a prime, so that neighbours do not look alike. Products stay below 2^63.
mixed as (
    select i, n, (n * 48271 + getvariable('seed') * 69621 + 1) % 2147483647 as a from numbered
),
stirred as (
    select i, n, (a * a + 16807) % 2147483647 as b from mixed
),
drawn as (
    select
        i,
        b,
        (b * 630360016 + n) % 2147483647 as c,
        (b * 397204094 + 7) % 2147483647 as d,
        i * getvariable('months') // getvariable('lines') as month_index
    from stirred
),
dated as (
    select
        b, c, d, month_index,
        -- A month's lines stand in the order of its 28 days. Its first line is the smallest
        -- number whose month_index it is.
        (i - (month_index * getvariable('lines') + getvariable('months') - 1) // getvariable('months'))
            * 28 // getvariable('lines_in_month') as day_index
    from drawn
),
priced as (
    select
        dated.*,
        store.store,
        store.lag,
        store.rate,
        case
            when store.store = 'YouTube (Ads)' and d % 90 = 0 then 0
            else 1 + (c * (d % 1000 + 1) // 1000) % store.most_units
        end as units,
        store.store = 'Spotify' and d % 100 < 14 as is_deduction
    from dated
    inner join bulk_stores as store on store.slot = b % 1000
)
select
    month_index,
    day_index,
    lag,
    store,
    c % 600 as recording_number,
    d % 30 as country_number,
    units,
    -- In units of 1e-8 USD.
    case
        when units = 0 then 1000 + c % 60000
        when is_deduction then -(units * rate * 3 // 10)
        else units * (rate * (800 + c % 400) // 1000)
    end as amount
from priced;
