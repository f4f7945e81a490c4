"""Questions about the salon, each with its gold SQL, by what the reader must know to answer it."""

from __future__ import annotations

_BILLS = "bills join appts using (appt_id)"
_PAID = "payments join bills using (bill_no)"

QUESTIONS: list[tuple[str, str]] = [
    # what rows are called, and which date is theirs
    ("completed visits per month in 2025", "select date_trunc('month', planned_start), count(*) from appts where status = 'completed' and year(planned_start) = 2025 group by 1"),
    ("no-shows by month in 2025", "select date_trunc('month', planned_start), count(*) from appts where status = 'no_show' and year(planned_start) = 2025 group by 1"),
    ("no-show rate by visit type", "select visit_type, 100.0 * count(*) filter (status = 'no_show') / count(*) from appts group by 1"),
    ("no-shows per completed visit by visit type", "select visit_type, 1.0 * count(*) filter (status = 'no_show') / count(*) filter (status = 'completed') from appts group by 1"),
    ("how many cancellations were there in 2025", "select count(*) from appts where status = 'cancelled' and year(planned_start) = 2025"),
    ("most common serious complaint", "select complaint_desc from complaints where is_serious group by 1 order by count(*) desc, 1 limit 1"),
    ("dogs by breed", "select bre_name, count(*) from dogs join breeds using (bre_id) group by 1"),
    ("new owners per year", "select date_trunc('year', registered_on), count(*) from owners group by 1"),
    # the time between two moments
    ("average delay between planned and actual start in minutes", "select avg(date_diff('second', planned_start, actual_start) / 60.0) from appts"),
    ("how many days lie between booking and the appointment itself on average", "select avg(date_diff('day', booked_on, planned_start::date)) from appts"),
    ("how long after the bill date do insurers pay? average in days", f"select avg(date_diff('day', bill_dt, paid_on)) from {_PAID} where payer = 'insurer'"),
    ("average visit length in minutes by visit type", "select visit_type, avg(date_diff('second', actual_start, actual_end) / 60.0) from appts group by 1"),
    # amounts said by deeds
    ("what did we collect from insurers in 2025?", "select sum(amt_paid) from payments where payer = 'insurer' and year(paid_on) = 2025"),
    ("quarterly collections", "select date_trunc('quarter', paid_on), sum(amt_paid) from payments group by 1"),
    ("total billed per team", "select team, sum(total_amt) from bills join appts using (appt_id) join groomers using (groomer_id) group by 1"),
    ("ratio of cash collected to amount billed", "select (select sum(amt_paid) from payments) / (select sum(total_amt) from bills)"),
    ("average bank transfer", "select avg(amt_paid) from payments where method = 'bank transfer'"),
    ("average bill amount", "select avg(total_amt) from bills"),
    ("total value of open bills", "select sum(total_amt) from bills where bill_state = 'open'"),
    # one's own
    ("which groomers charge an hourly fee above the average?", "select full_name, hourly_fee from groomers where hourly_fee > (select avg(hourly_fee) from groomers)"),
    ("services priced above the average of their team", "select serv_name from services s where list_price > (select avg(list_price) from services z where z.team = s.team)"),
    ("groomers whose hourly fee is higher than their team's average", "select full_name from groomers g where hourly_fee > (select avg(hourly_fee) from groomers z where z.team = g.team)"),
    ("the priciest service in each team, with the price", "select team, serv_name, list_price from services s where list_price = (select max(list_price) from services z where z.team = s.team)"),
    ("average hourly fee across our active groomers", "select avg(hourly_fee) from groomers where is_active"),
    ("average fee per active membership", "select avg(fee) from memberships where mem_status = 'active'"),
    # what is over, undone or never done
    ("unsettled bills by bill state", "select bill_state, count(*) from bills where settled_on is null group by 1"),
    ("how many owners have never logged in", "select count(*) from owners where last_login_at is null"),
    ("memberships cancelled per quarter", "select date_trunc('quarter', ended_on), count(*) from memberships where mem_status = 'cancelled' group by 1"),
    ("bills settled after the due date: bill number, total amount", "select bill_no, total_amt from bills where settled_on > due_dt"),
    ("current memberships by billing cycle", "select billing_cycle, count(*) from memberships where mem_status = 'active' group by 1"),
    ("monthly vs annual billing: average fee", "select billing_cycle, avg(fee) from memberships group by 1"),
    # parts of a whole
    ("what % of appts end in a no-show?", "select 100.0 * count(*) filter (status = 'no_show') / count(*) from appts"),
    ("proportion of completed visits by visit type", "select visit_type, 1.0 * count(*) filter (status = 'completed') / count(*) from appts group by 1"),
    ("percentage of settled bills that were settled after the due date", "select 100.0 * count(*) filter (settled_on > due_dt) / count(*) from bills where settled_on is not null"),
    ("amount before tax by bill state", "select bill_state, sum(total_amt) from bills group by 1"),
    # rankings
    ("who is the busiest groomer by completed visits", "select full_name from appts join groomers using (groomer_id) where status = 'completed' group by groomer_id, 1 order by count(*) desc limit 1"),
    ("which owners had more than 12 completed visits", "select first_name || ' ' || last_name from appts join dogs using (dog_id) join owners using (owner_id) where status = 'completed' group by owner_id, 1 having count(*) > 12"),
    ("payments by method: count and amount", "select method, count(*), sum(amt_paid) from payments group by 1"),
    # who plays a role
    ("how many appointments by handler id", "select helper_id, count(distinct appt_id) from appt_helpers where duty_code = 'HD' group by 1"),
    # likewise, of several kinds, with or without
    ("dogs of the same breed as Rex 7", "select dog_name from dogs where bre_id = (select bre_id from dogs where dog_name = 'Rex 7')"),
    ("groomers who did more than 5 different services", "select full_name from groomers join appts using (groomer_id) join appt_services using (appt_id) group by groomer_id, 1 having count(distinct serv_id) > 5"),
    ("number of bills with a payment vs without", "select count(*) filter (bill_no in (select bill_no from payments)), count(*) filter (bill_no not in (select bill_no from payments)) from bills"),
    ("how many days on average between an owner's registration and their first appointment", "select avg(d) from (select min(date_diff('day', registered_on, planned_start::date)) as d from owners join dogs using (owner_id) join appts using (dog_id) group by owner_id)"),
    ("appointments per month and visit type in 2025", "select date_trunc('month', planned_start), visit_type, count(*) from appts where year(planned_start) = 2025 group by 1, 2"),
    ("how many dogs had appointments in both January 2025 and February 2025", "select count(*) from (select dog_id from appts where planned_start >= '2025-01-01' and planned_start < '2025-03-01' group by 1 having count(distinct month(planned_start)) = 2)"),
    ("how many completed vs cancelled visits were there each quarter", "select date_trunc('quarter', planned_start), status, count(*) from appts where status in ('completed', 'cancelled') group by 1, 2"),
    ("who trained Hal Ford", "select t.full_name from groomers g join groomers t on t.groomer_id = g.trained_by where g.full_name = 'Hal Ford'"),
    ("what was our busiest weekday in 2025?", "select isodow(planned_start) from appts where year(planned_start) = 2025 group by 1 order by count(*) desc limit 1"),
    ("how much tax did we charge in 2025?", "select sum(tax_amt) from bills where year(bill_dt) = 2025"),
    ("percentage of payments made in cash", "select 100.0 * count(*) filter (method = 'cash') / count(*) from payments"),
    ("average bill of poodles vs huskies", "select bre_name, avg(total_amt) from bills join appts using (appt_id) join dogs using (dog_id) join breeds using (bre_id) where bre_name in ('Poodle', 'Husky') group by 1"),
    ("what did owners from Leeds spend per visit", "select sum(qty * unit_price) / count(distinct appt_id) from appt_services join appts using (appt_id) join dogs using (dog_id) join owners using (owner_id) where town = 'Leeds'"),
    ("average total amount on bills by bill state", "select bill_state, avg(total_amt) from bills group by 1"),
]  # fmt: skip
