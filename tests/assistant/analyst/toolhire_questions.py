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

FIGURES += [
    ("margin by category",
     "Margin is the total amount minus the total discount, divided by the total amount. Missing discounts are zero.",
     f"select category, 100.0 * (sum(amount) - coalesce(sum(discount), 0)) / sum(amount) from {_HIRES} group by 1"),
    ("What is the ARH for each depot?",
     "ARH stands for average revenue per hire, i.e. total amount / number of hires.",
     f"select depot_name, sum(amount) / count(*) from {_HIRES} group by 1"),
    ("What is the unpaid share by region?",
     "The unpaid share is the percentage of invoices that have not been paid.",
     f"select region, 100.0 * count(*) filter (where paid_on is null) / count(*) from {_BILLS} join depots d "
     "using (depot_id) group by 1"),
    ("Show the payback of each category.",
     "Payback = sum of amount over returned hires / sum of parts cost and labour cost of repairs.",
     "with a as (select category, sum(amount) as x from hires join tools using (tool_id) where status = 'returned' group by 1), "
     "b as (select category, sum(parts_cost + labour_cost) as y from repairs join tools using (tool_id) group by 1) "
     "select category, x / y from a join b using (category)"),
    ("What is the average delay by channel, in days?",
     "Delay = days between due_on and returned_at.",
     "select channel, avg(date_diff('day', due_on, returned_at::date)) from hires group by 1"),
    ("average lateness per trade",
     "Lateness: the time from the due date to the return, in days. Cancelled hires have none.",
     f"select trade, avg(date_diff('day', due_on, returned_at::date)) from {_PEOPLE} group by 1"),
    ("What is the VAT share per category?",
     "VAT share = tax amount as a percentage of net amount.",
     f"select category, 100.0 * sum(tax_amount) / sum(net_amount) from {_BILLS} group by 1"),
    ("difference rate by region",
     "The difference rate is the ratio of total discount to total amount.",
     f"select region, sum(discount) / sum(amount) from {_HIRES} group by 1"),
    ("OTR per channel",
     "OTR (on-time return rate) = returned hires whose return is on or before the due date / all returned hires * 100",
     "select channel, 100.0 * count(*) filter (where returned_at::date <= due_on) / count(*) from hires where status = 'returned' "
     "group by 1"),
    ("What is the commission by channel?",
     "Commission is 5 percent of the amount.",
     "select channel, sum(amount) * 0.05 from hires group by 1"),
    ("TCR by cause",
     "TCR = SUM(parts_cost + labour_cost). NPS = promoters minus detractors.",
     "select cause, sum(parts_cost + labour_cost) from repairs group by 1"),
    ("How many NPH does each category have?",
     "NPH: number of paid hires, i.e. hires with a paid invoice.",
     "select category, count(distinct hire_id) from invoices join hires using (hire_id) join tools using (tool_id) "
     "where paid_on is not null group by 1"),
    ("What is the SAT by category?",
     "SAT = share of reviews with 4 or more stars.",
     "select category, 100.0 * count(*) filter (where stars >= 4) / count(*) from reviews join hires using (hire_id) "
     "join tools using (tool_id) group by 1"),
    ("MoM change in hires in 2026 by month",
     "MoM change = hires in the month minus hires in the previous month.",
     "with m as (select date_trunc('month', booked_at)::date as m, count(*) as n from hires group by 1), "
     "g as (select m, n - lag(n) over (order by m) as c from m) select * from g where year(m) = 2026"),
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

KINDS += [
    ("How many hires were long?",
     "A hire is long if it has more than 7 days.",
     "select count(*) from hires where days > 7"),
    ("What share of hires are long hires, per channel?",
     "Long hires: more than 7 days.",
     "select channel, 100.0 * count(*) filter (where days > 7) / count(*) from hires group by 1"),
    ("How many hires were not weekend specials?",
     "A weekend special is a hire of at most 3 days.",
     "select count(*) from hires where days > 3"),
    ("Total amount of big tickets by depot",
     "We call a hire with an amount above 300 a big ticket.",
     f"select depot_name, sum(amount) from {_HIRES} where amount > 300 group by 1"),
    ("How many loyal customers are there per trade?",
     "Loyal customers are those who have at least 12 hires.",
     "select trade, count(*) from customers where customer_id in (select customer_id from hires group by 1 having count(*) >= 12) "
     "group by 1"),
    ("Number of idle tools per category",
     "By idle tools we mean tools without any hire.",
     "select category, count(*) from tools where tool_id not in (select tool_id from hires) group by 1"),
    ("Which tools are old tools? Give the name.",
     "Old tools were bought before 2021.",
     "select tool_name from tools where bought_on < date '2021-01-01'"),
    ("What is the total parts cost of serious repairs by cause?",
     "A serious repair is a repair whose labour cost is over 100.",
     "select cause, sum(parts_cost) from repairs where labour_cost > 100 group by 1"),
    ("How many walk-ins did we have in each region?",
     "Walk-ins = hires with channel 'counter'.",
     f"select region, count(*) from {_HIRES} where channel = 'counter' group by 1"),
    ("How many late returns did each channel have?",
     "A late return is a hire that was returned after its due date.",
     "select channel, count(*) from hires where returned_at::date > due_on group by 1"),
    ("How many accounts are there in each town?",
     "Accounts are customers whose credit limit is above zero.",
     "select town, count(*) from customers where credit_limit > 0 group by 1"),
    ("Average amount of pro hires",
     "A pro is a customer who is a builder or a plumber. A pro hire is a hire by a pro.",
     f"select avg(amount) from {_PEOPLE} where trade in ('builder', 'plumber')"),
    ("number of open repairs by cause",
     "An open repair has no finish date.",
     "select cause, count(*) from repairs where finished_at is null group by 1"),
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

LIMITS += [
    ("total amount by channel", "Ignore cancelled hires.",
     "select channel, sum(amount) from hires where status <> 'cancelled' group by 1"),
    ("total amount by channel", "Only count returned hires.",
     "select channel, sum(amount) from hires where status = 'returned' group by 1"),
    ("total amount by trade", "Test customers are excluded from all reports.",
     f"select trade, sum(amount) from {_PEOPLE} where not is_test group by 1"),
    ("Number of repairs by cause", "Cancelled hires are never counted. Repairs without a finish date are left out.",
     "select cause, count(*) from repairs where finished_at is not null group by 1"),
    ("hires by month in 2026", "Use the collection date.",
     "select date_trunc('month', collected_at)::date, count(*) from hires where year(collected_at) = 2026 group by 1"),
    ("net amount by month in 2026", "Periods are dated by the paid date.",
     "select date_trunc('month', paid_on)::date, sum(net_amount) from invoices where year(paid_on) = 2026 group by 1"),
    ("total amount per fiscal year", "Our fiscal year starts in April.",
     "select date_trunc('year', booked_at + interval 9 month)::date, sum(amount) from hires group by 1"),
    ("How many hires were there this fiscal year?", "The financial year begins on 1 April.",
     "select count(*) from hires where booked_at >= date '2026-04-01'"),
    ("number of hires per week since May 2026", "Weeks start on Sunday.",
     "select date_trunc('week', booked_at + interval 1 day)::date - 1, count(*) from hires where booked_at >= date '2026-05-01' "
     "group by 1"),
]  # fmt: skip

KINDS += [
    ("How many VIPs are there per town?",
     "VIP = customer with a credit limit of at least 2,000 EUR",
     "select town, count(*) from customers where credit_limit >= 2000 group by 1"),
    ("How many heavy repairs were there by cause?",
     "A heavy repair has parts_cost > 50 and labour_cost > 60.",
     "select cause, count(*) from repairs where parts_cost > 50 and labour_cost > 60 group by 1"),
]  # fmt: skip
LIMITS += [
    ("number of hires per channel", "We only look at hires with an amount over 300.",
     "select channel, count(*) from hires where amount > 300 group by 1"),
    ("number of hires by fiscal year", "FY starts in July.",
     "select date_trunc('year', booked_at + interval 6 month)::date, count(*) from hires group by 1"),
]  # fmt: skip

UNREADABLE: list[tuple[str, str]] = [
    ("average GM by category", "GM = gross margin = (amount - wholesale price) / amount"),
    ("How many slow burners are there?", "A repair is a slow burner when the mechanic says so."),
    ("number of repairs by cause", "Leave out repairs under guarantee."),
    ("What is the NTR per channel?", "NTR = amount less the carbon levy."),
    ("Number of tools by size class", "Size classes: small = fits in a van; large = needs a lorry."),
]
"""A question, and what came with it of which this data has no notion: neither is answered as if it had not been said."""
