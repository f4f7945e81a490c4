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
]  # fmt: skip
