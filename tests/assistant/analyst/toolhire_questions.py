"""What people of the tool hirer mean by their words, with a question that uses them, and its gold SQL."""

from __future__ import annotations

_HIRES = "hires h join tools t using (tool_id) join depots d using (depot_id)"
_PEOPLE = "hires h join customers c using (customer_id)"
_BILLS = "invoices i join hires h using (hire_id) join tools t using (tool_id)"

FIGURES: list[tuple[str, str, str]] = [
    ("What is the NHR by depot? Return the depot name and NHR.",
     "NHR = net hire revenue = SUM(amount - discount) over returned hires; a missing discount counts as zero.\n"
     "UR = utilisation rate = hired days / 365.",
     f"select depot_name, sum(amount - coalesce(discount, 0)) from {_HIRES} where status = 'returned' group by 1"),
    ("ARPC by trade",
     "ARPC (average revenue per customer) = total amount of hires / number of customers with a hire in the same period.",
     f"select trade, sum(amount) / count(distinct customer_id) from {_PEOPLE} group by 1"),
    ("What is the DSR of each category? Return the category and the DSR.",
     "DSR (deposit share) = total deposit / total amount * 100, for returned hires only.",
     f"select category, 100 * sum(deposit) / sum(amount) from {_HIRES} where status = 'returned' group by 1"),
    ("cancellation rate by channel",
     "Cancellation rate = cancelled hires / all hires.",
     "select channel, 100.0 * count(*) filter (where status = 'cancelled') / count(*) from hires group by 1"),
    ("What is the gross value per category?",
     "Gross value means net amount plus tax amount, summed.",
     f"select category, sum(net_amount + tax_amount) from {_BILLS} group by 1"),
    ("average turnaround by cause",
     "Turnaround is the number of hours from report to finish, finished repairs only.",
     "select cause, avg(date_diff('second', reported_at, finished_at) / 3600.0) from repairs where finished_at is not null group by 1"),
    ("What is the average repair cost per tool category?",
     "Repair cost = parts cost + labour cost.",
     "select category, avg(parts_cost + labour_cost) from repairs r join tools t using (tool_id) group by 1"),
    ("What is the WAC in each month of 2026?",
     "WAC = active customers: distinct customers with at least one hire in the month (weeks start on Monday).",
     "select date_trunc('month', booked_at)::date, count(distinct customer_id) from hires where year(booked_at) = 2026 group by 1"),
]  # fmt: skip

KINDS: list[tuple[str, str, str]] = [
    ("How many long hires were there in each channel?",
     "A long hire is one with more than 7 days. A short hire is one of at most 2 days.",
     "select channel, count(*) from hires where days > 7 group by 1"),
    ("How many overdue invoices are there?",
     "An invoice is overdue if it is not paid and was due before 30 June 2026.",
     "select count(*) from invoices where paid_on is null and due_on < date '2026-06-30'"),
    ("How many regulars do we have in each town?",
     "A regular is a customer with at least 12 hires.",
     "select town, count(*) from customers where customer_id in "
     "(select customer_id from hires group by 1 having count(*) >= 12) group by 1"),
    ("Which customers have a works address? Return the name.",
     "Works address: email ending in works.example, matched case-insensitively.",
     "select customer_name from customers where email ilike '%works.example'"),
    ("Number of active tools by category",
     "Active tools are those that have not been retired (retired_on is empty).",
     "select category, count(*) from tools where retired_on is null group by 1"),
    ("How much bad debt do we have per depot?",
     "Bad debt = invoices with no paid date.",
     f"select depot_name, sum(net_amount) from {_BILLS} join depots d using (depot_id) where paid_on is null group by 1"),
]  # fmt: skip

LIMITS: list[tuple[str, str, str]] = [
    ("How many hires were there per channel?",
     "Always exclude cancelled hires.",
     "select channel, count(*) from hires where status <> 'cancelled' group by 1"),
    ("What is the cancellation rate by trade?",
     "Cancellation rate = cancelled hires / all hires. Only report customers with at least 10 hires.",
     f"select trade, 100.0 * count(*) filter (where status = 'cancelled') / count(*) from {_PEOPLE} where customer_id in "
     "(select customer_id from hires group by 1 having count(*) >= 10) group by 1"),
    ("number of customers by town",
     "Test customers never count.",
     "select town, count(*) from customers where not is_test group by 1"),
]  # fmt: skip
