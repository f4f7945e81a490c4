"""Questions about the marina, each with its gold SQL, by what the reader must know to answer it."""

from __future__ import annotations

_RENTED = "rentals join boats using (boat_id)"
_DOCK = f"{_RENTED} join docks using (dock_id)"

QUESTIONS: list[tuple[str, str]] = [
    # how long things take
    ("how long does a hull repair take on average", "select avg(date_diff('day', open_date, close_date)) from repairs where repair_type = 'Hull'"),
    ("average repair duration by repair type", "select repair_type, avg(date_diff('day', open_date, close_date)) from repairs group by 1"),
    ("which repair type takes the longest", "select repair_type from repairs group by 1 order by avg(date_diff('day', open_date, close_date)) desc limit 1"),
    ("average rental length in minutes by boat kind", f"select kind, avg(date_diff('minute', start_ts, end_ts)) from {_RENTED} group by 1"),
    ("how long is the average rental", "select avg(date_diff('second', start_ts, end_ts) / 3600.0) from rentals"),
    # years and months kept apart
    ("liters in March 2025", "select sum(liters) from fuel where year = 2025 and month = 'March'"),
    ("liters by dock in the first quarter of 2024", "select name, sum(liters) from fuel join docks using (dock_id) where year = 2024 and month in ('January', 'February', 'March') group by 1"),
    # several ways to the same place
    ("number of rentals by dock", f"select docks.name, count(*) from {_DOCK} group by 1"),
    ("which dock rented the most boats in Q1 2024", f"select docks.name from {_DOCK} where start_ts >= '2024-01-01' and start_ts < '2024-04-01' group by 1 order by count(*) desc limit 1"),
    # kinds of people, and the opposites of flags
    ("how many mechanics do we have", "select count(*) from staff where job_title = 'Boat Mechanic'"),
    ("number of rentals per skipper", "select s.name, count(*) from rentals join staff s using (staff_id) where job_title = 'Skipper' group by s.staff_id, 1"),
    ("total rental amount for used boats", f"select sum(amount) from {_RENTED} where not is_new"),
    ("number of rentals by new vs used", f"select is_new, count(*) from {_RENTED} group by 1"),
    ("how many inactive staff are there", "select count(*) from staff where not is_active"),
    # what a word is by the words beside it
    ("repairs opened in 2025", "select count(*) from repairs where year(open_date) = 2025"),
    ("hull repairs opened in May 2025", "select count(*) from repairs where repair_type = 'Hull' and open_date >= '2025-05-01' and open_date < '2025-06-01'"),
    ("how many boats were rented in 2025", "select count(*) from rentals where year(start_ts) = 2025"),
    ("how many members rented a boat each month in 2025", "select date_trunc('month', start_ts), count(distinct member_id) from rentals where year(start_ts) = 2025 group by 1"),
    ("who rented the most boats", "select first_name || ' ' || last_name from rentals join members using (member_id) group by member_id, 1 order by count(*) desc, member_id limit 1"),
    ("the member with id 7", "select first_name, last_name, town, joined_on from members where member_id = 7"),
    ("new members per year", "select date_trunc('year', joined_on), count(*) from members group by 1"),
    ("members whose last name starts with B or ends with sh", "select first_name, last_name from members where last_name like 'B%' or last_name like '%sh'"),
    ("average amount by tag", "select tag, avg(amount) from rentals join boat_tags using (boat_id) group by 1"),
    # times counted, and the last of each
    ("on how many days in 2025 did we have more than 3 rentals", "select count(*) from (select start_ts::date from rentals where year(start_ts) = 2025 group by 1 having count(*) > 3)"),
    ("how many months had amount over 5000", "select count(*) from (select date_trunc('month', start_ts) from rentals group by 1 having sum(amount) > 5000)"),
    ("the latest repair of each boat: date and parts cost", "select b.name, max(open_date), arg_max(parts_cost, (open_date, -repair_id)) from repairs join boats b using (boat_id) group by boat_id, 1"),
    ("when did we rent our first cruiser", f"select min(start_ts) from {_RENTED} where kind = 'Cruiser'"),
    # figures made of figures
    ("total amount minus upkeep cost by kind", f"select kind, sum(amount - upkeep_cost) from {_RENTED} group by 1"),
    ("Total margin (amount minus upkeep cost) by kind", f"select kind, sum(amount - upkeep_cost) from {_RENTED} group by 1"),
    ("median monthly number of boats rented", "select median(n) from (select count(*) n from rentals group by date_trunc('month', start_ts))"),
    ("second highest amount by dock", f"select docks.name from {_DOCK} group by 1 order by sum(amount) desc limit 1 offset 1"),
    # parts, rates and ratios
    ("cancellation rate by dock", f"select docks.name, 100.0 * count(*) filter (status = 'Cancelled') / count(*) from {_DOCK} group by 1"),
    ("percentage of cancelled rentals", "select 100.0 * count(*) filter (status = 'Cancelled') / count(*) from rentals"),
    ("percentage of cancelled rentals by kind", f"select kind, 100.0 * count(*) filter (status = 'Cancelled') / count(*) from {_RENTED} group by 1"),
    ("ratio of cancelled rentals to completed rentals in 2025", "select count(*) filter (status = 'Cancelled') / count(*) filter (status = 'Completed') from rentals where year(start_ts) = 2025"),
    ("number of cancelled rentals divided by number of rentals", "select count(*) filter (status = 'Cancelled') / count(*) from rentals"),
    ("difference in average amount between kayaks and cruisers", f"select avg(amount) filter (kind = 'Kayak') - avg(amount) filter (kind = 'Cruiser') from {_RENTED}"),
    ("how many rentals were there in each of the last 4 weeks excluding the current week? how many of these were on weekends?",
     "select date_trunc('week', start_ts), count(*), count(*) filter (isodow(start_ts) > 5) from rentals where start_ts >= '2025-12-01' and start_ts < '2025-12-29' group by 1"),
    # how people type
    ("avg amount by dock, sorted from the highest down", f"select docks.name, avg(amount) from {_DOCK} group by 1 order by 2 desc"),
    ("hey, quick one for the board - how many rentals did we have in all of 2024?", "select count(*) from rentals where year(start_ts) = 2024"),
    ("nr of uniqe members who rented in 2025", "select count(distinct member_id) from rentals where year(start_ts) = 2025"),
    ("break down our members by town for me - just the counts", "select town, count(*) from members group by 1"),
    ("which members rented 25 times or more?", "select first_name || ' ' || last_name from rentals join members using (member_id) group by member_id, 1 having count(*) >= 25"),
    ("average daily wage", "select avg(daily_wage) from staff"),
    ("rentals above the average amount, how many", "select count(*) from rentals where amount > (select avg(amount) from rentals)"),
]  # fmt: skip
