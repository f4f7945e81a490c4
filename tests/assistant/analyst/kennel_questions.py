"""Questions about the kennels, each with its gold SQL, by what the reader must know to answer it."""

from __future__ import annotations

_CHARGES = "bkg_chg join bkg using (bkg_id) join kennel_prop using (prop_cd)"

QUESTIONS: list[tuple[str, str]] = [
    # by which of its dates
    ("number of bookings by arrival month in 2024", "select date_trunc('month', arr_dt), count(*) from bkg where year(arr_dt) = 2024 group by 1"),
    ("bookings per year of departure", "select date_trunc('year', dep_dt), count(*) from bkg group by 1"),
    ("how many bookings (by booking date) fell in the first half of 2025?", "select count(*) from bkg where booked_dt >= date '2025-01-01' and booked_dt < date '2025-07-01'"),
    ("arrivals per day of week", "select isodow(arr_dt), count(*) from bkg group by 1"),
    ("how many departures in May 2025?", "select count(*) from bkg where dep_dt >= date '2025-05-01' and dep_dt < date '2025-06-01'"),
    ("which month had the most arrivals?", "select date_trunc('month', arr_dt) from bkg group by 1 order by count(*) desc limit 1"),
    ("average nightly rate for 2024 arrivals by channel", "select code_desc, avg(rate_per_nt) from bkg join code_lkp on code = chan_cd where year(arr_dt) = 2024 group by 1"),
    ("how many owners arrived in June 2025?", "select count(distinct owner_id) from bkg where arr_dt >= date '2025-06-01' and arr_dt < date '2025-07-01'"),
    ("new hires by year", "select date_trunc('year', hire_dt), count(*) from staff group by 1"),
    # people who left, and those who are there
    ("average salary by department for current employees", "select code_desc, avg(annual_sal) from staff join code_lkp on code = dept_cd where term_dt is null group by 1"),
    ("how many former employees are there?", "select count(*) from staff where term_dt is not null"),
    ("how many employees left in 2023?", "select count(*) from staff where year(term_dt) = 2023"),
    # money that moves is added up
    ("total grooming bath charges in 2024", "select sum(line_amt) from bkg_chg where chg_cd = 'GRM' and year(post_dt) = 2024"),
    ("total 2025 charges by kennel", f"select prop_nm, sum(line_amt) from {_CHARGES} where year(post_dt) = 2025 group by 1"),
    ("what percent of total charges comes from extra walks?", "select 100.0 * sum(line_amt) filter (chg_cd = 'WLK') / sum(line_amt) from bkg_chg"),
    ("total charges by posting month", "select date_trunc('month', post_dt), sum(line_amt) from bkg_chg group by 1"),
    # countries by their codes, deeds, and what is said again
    ("top 3 owner countries by number of owners", "select country_cd, count(*) from owner group by 1 order by 2 desc limit 3"),
    ("how many owners have never left a review?", "select count(*) from owner where owner_id not in (select owner_id from bkg join owner_review using (bkg_id))"),
    ("which 2 kennels have the fewest bookings, and how many does each have?", "select prop_nm, count(*) from bkg join kennel_prop using (prop_cd) group by 1 order by 2 limit 2"),
    ("how many 2025 bookings came in by telephone?", "select count(*) from bkg where chan_cd = 'TEL' and year(booked_dt) = 2025"),
]  # fmt: skip
