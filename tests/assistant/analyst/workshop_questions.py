"""Questions about the workshops, each with its gold SQL, by what the reader must know to answer it."""

from __future__ import annotations

_AT = "repair join branch using (branch_id)"
_CANCELLED = "100.0 * count(*) filter (repair_status = 'cancelled') / count(*)"

QUESTIONS: list[tuple[str, str]] = [
    # a share of what the subject names, of which the predicate is true
    ("What proportion of the repairs of each branch was cancelled? Show the branch name.", f"select branch_name, {_CANCELLED} from {_AT} group by 1"),
    ("What percentage of repairs per bike kind were never paid?", "select bike_kind, 100.0 * count(*) filter (paid_on is null) / count(*) from repair group by 1"),
    ("What percentage of the express repairs brought in during 2025 were cancelled?", f"select {_CANCELLED} from repair where is_express and year(brought_in_at) = 2025"),
    ("What share of repairs finished so far was paid by card, by branch name?", f"select branch_name, 100.0 * count(*) filter (paid_by = 'card') / count(*) from {_AT} where finished_at is not null group by 1"),
    ("What is the cancellation rate (cancelled out of all repairs) of each branch?", f"select branch_name, {_CANCELLED} from {_AT} group by 1"),
    ("How many of the repairs were cancelled, as a percentage, for each bike kind?", f"select bike_kind, {_CANCELLED} from repair group by 1"),
    ("What is the ratio of members to non-members among the customers?", "select 1.0 * count(*) filter (is_member) / count(*) filter (not is_member) from customer"),
    ("What is the ratio of cancelled to completed repairs for each bike kind?", "select bike_kind, 1.0 * count(*) filter (repair_status = 'cancelled') / count(*) filter (repair_status = 'completed') from repair group by 1"),
    ("What percentage of cancelled repairs were express?", "select 100.0 * count(*) filter (is_express) / count(*) from repair where repair_status = 'cancelled'"),
    # in which order, between which days
    ("Return the branch name, the number of repairs and the total charge, most repairs first.", f"select branch_name, count(*), sum(charge_cents) / 100.0 from {_AT} group by 1 order by 2 desc"),
    ("What is the total charge for each bike kind, highest total first?", "select bike_kind, sum(charge_cents) / 100.0 from repair group by 1 order by 2 desc"),
    ("Return the bike kind and the number of repairs, fewest first.", "select bike_kind, count(*) from repair group by 1 order by 2"),
    ("Return the name and town of all customers, newest customer first.", "select full_name, town from customer order by signed_up_on desc"),
    # reasons that are written down are no "why"
    ("What are the 2 most common reasons for cancelling a repair and their respective counts?", "select cancel_reason, count(*) from repair where cancel_reason is not null group by 1 order by 2 desc limit 2"),
    # which of the counts a condition is of
    ("number of repairs and number of cancelled repairs by branch", f"select branch_name, count(*), count(*) filter (repair_status = 'cancelled') from {_AT} group by 1"),
    ("How many repairs were brought in in each of the last 3 months, and how many of them were express?", "select date_trunc('month', brought_in_at), count(*), count(*) filter (is_express) from repair where brought_in_at >= '2025-10-01' group by 1"),
    ("Return the name of each branch and how many repairs it had, including branches that had none.", "select branch_name, count(repair_id) from branch left join repair using (branch_id) group by 1"),
    ("Which branch had the most cancelled repairs, and how many?", f"select branch_name, count(*) from {_AT} where repair_status = 'cancelled' group by 1 order by 2 desc limit 1"),
    ("List the names of all branches in reverse alphabetical order.", "select branch_name from branch order by 1 desc"),
    # other units than the data's
    ("How many repairs took more than 3 hours?", "select count(*) from repair where minutes_worked > 180"),
    ("How many repairs took between 1 and 2 hours?", "select count(*) from repair where minutes_worked between 60 and 120"),
    ("Which parts are heavier than 2 kg?", "select part_name from part where weight_g > 2000"),
    ("How many repairs cost over 200 euros?", "select count(*) from repair where charge_cents > 20000"),
    ("How many repairs had a charge of more than 15000 cents?", "select count(*) from repair where charge_cents > 15000"),
    ("What is the total charge in cents by bike kind?", "select bike_kind, sum(charge_cents) from repair group by 1"),
    # by which of their times, and until which day
    ("How many repairs were brought in before 9 in the morning?", "select count(*) from repair where hour(brought_in_at) < 9"),
    ("At which hour of the day are the most repairs brought in? Give the hour and the number of repairs.", "select hour(brought_in_at), count(*) from repair group by 1 order by 2 desc limit 1"),
    ("On which weekday do most repairs come in, and how many are there on that day?", "select isodow(brought_in_at), count(*) from repair group by 1 order by 2 desc limit 1"),
    ("number of weekend repairs per branch", f"select branch_name, count(*) from {_AT} where isodow(brought_in_at) > 5 group by 1"),
    ("How many repairs finished later than promised?", "select count(*) from repair where finished_at::date > promised_on"),
    ("Who are the top 3 mechanics by number of repairs in the past 12 months, inclusive of 12 months ago? Return the name, the number of repairs and the total minutes.", "select full_name, count(*), sum(minutes_worked) from repair join mechanic using (mechanic_id) where brought_in_at >= date '2024-12-31' group by 1 order by 2 desc limit 3"),
    # spelled in British or in American English, in the question or in the data
    ("How many repairs at Harbor Gate?", "select count(*) from repair where branch_id = 1"),
    ("How many repairs at Harbour Gate?", "select count(*) from repair where branch_id = 1"),
    ("weight of the Tire", "select weight_g from part where part_name = 'Tyre'"),
    ("number of canceled repairs", "select count(*) from repair where repair_status = 'cancelled'"),
    ("What percentage of electric repairs in Cork took more than 3 hours?", f"select 100.0 * count(*) filter (minutes_worked > 180) / count(*) from {_AT} where bike_kind = 'electric' and town = 'Cork'"),
    ("What percentage of repairs that took longer than 2 hours were cancelled?", f"select {_CANCELLED} from repair where minutes_worked > 120"),
    ("average charge in euros of repairs that took at least 2 hours", "select avg(charge_cents) / 100.0 from repair where minutes_worked >= 120"),
    ("parts lighter than 100 grams", "select part_name from part where weight_g < 100"),
    ("How many repairs were finished on weekends?", "select count(*) from repair where isodow(finished_at) > 5"),
    ("How many repairs were finished in May 2025?", "select count(*) from repair where finished_at >= '2025-05-01' and finished_at < '2025-06-01'"),
    # things by their kind are counted
    ("repairs by bike kind, most first", "select bike_kind, count(*) from repair group by 1 order by 2 desc"),
    ("cancelled repairs by bike kind, lowest first", "select bike_kind, count(*) from repair where repair_status = 'cancelled' group by 1 order by 2"),
    ("repairs of over 5 hours by bike kind", "select bike_kind, count(*) from repair where minutes_worked > 300 group by 1"),
    ("repairs per weekday of 2025, busiest first", "select isodow(brought_in_at), count(*) from repair where year(brought_in_at) = 2025 group by 1"),
    # who did the most of what is not always done
    ("Which 3 mechanics have finished the most repairs?", "select full_name, count(*) from repair join mechanic using (mechanic_id) where finished_at is not null group by 1 order by 2 desc limit 3"),
    # what is shown, said again
    ("How many repairs does each branch have, and what is the average charge? Return the branch, the number of repairs and the average, most repairs first.", f"select branch_name, count(*), avg(charge_cents) / 100.0 from {_AT} group by 1 order by 2 desc"),
    ("For each mechanic, return the name, the number of repairs and the number of customers these were for.", "select full_name, count(*), count(distinct customer_id) from repair join mechanic using (mechanic_id) group by 1"),
]  # fmt: skip
