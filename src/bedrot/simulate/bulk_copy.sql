copy (
    select
        report.day_text as "Reporting Date",
        sale.month_text as "Sale Month",
        line.store as "Store",
        recording.artist as "Artist",
        recording.title as "Title",
        recording.isrc as "ISRC",
        recording.upc as "UPC",
        line.units as "Quantity",
        '100' as "Team Percentage",
        'Song' as "Song/Album",
        country.country as "Country of Sale",
        '0' as "Songwriter Royalties Withheld",
        -- decimal(10,0) times decimal(8,8) is decimal(18,8): exact, and printed with 8 decimals.
        line.amount::decimal(10, 0) * 0.00000001::decimal(8, 8) as "Earnings (USD)"
    from bulk_lines as line
    inner join bulk_days as report
        on report.month_index = line.month_index and report.day_index = line.day_index
    inner join bulk_months as sale on sale.month_index = line.month_index - line.lag
    inner join bulk_recordings as recording
        on recording.recording_number = line.recording_number
    inner join bulk_countries as country on country.country_number = line.country_number
) to (getvariable('target')) (format csv, delimiter e'\t', quote '', escape '', header true);
