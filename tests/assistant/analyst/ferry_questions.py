"""Questions about the ferry line, each with its gold SQL, by what the reader must know to answer it."""

from __future__ import annotations

QUESTIONS: list[tuple[str, str]] = [
    # the time of a deed is the deed's
    ("How many distinct active riders gave money per month in 2024? Only include settled gifts.", "select date_trunc('month', given_at), count(distinct giver_id) from gifts join riders on giver_id = rider_id where status = 'active' and state = 'settled' and year(given_at) = 2024 group by 1"),
    ("How many riders gave money in 2025?", "select count(distinct giver_id) from gifts where year(given_at) = 2025"),
    ("Which riders never gave money?", "select full_name from riders where rider_id not in (select giver_id from gifts)"),
    # ids are asked for as ids
    ("Return the distinct list of rider IDs who have received payment alerts.", "select distinct rider_id from alerts where kind = 'payment'"),
    # everyone, also those of whom there is nothing
    ("Return the full name, the number of passes and the total price for all riders", "select full_name, count(pass_id), coalesce(sum(price), 0) from riders left join passes using (rider_id) group by rider_id, 1"),
    ("number of passes by rider, including riders without any passes", "select full_name, count(pass_id) from riders left join passes using (rider_id) group by rider_id, 1"),
]  # fmt: skip
