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
    # what was done when, or is so
    ("how many bookings were booked between January and March 2025?", "select count(*) from bkg where booked_dt >= date '2025-01-01' and booked_dt < date '2025-04-01'"),
    ("how many days on average does it take from arrival to departure, by kennel?", "select prop_nm, avg(dep_dt - arr_dt) from bkg join kennel_prop using (prop_cd) group by 1"),
    ("average annual salary of current front office staff", "select avg(annual_sal) from staff where dept_cd = 'OF' and term_dt is null"),
    # of how many, and which
    ("for every kennel, how many reviews are there per 100 bookings?", "select prop_nm, 100.0 * (select count(*) from owner_review join bkg z using (bkg_id) where z.prop_cd = b.prop_cd) / count(*) from bkg b join kennel_prop using (prop_cd) group by prop_cd, 1"),
    ("for each year, what were the two kennels with the most bookings?", "select date_trunc('year', booked_dt) q, prop_nm from bkg join kennel_prop using (prop_cd) group by 1, 2 qualify row_number() over (partition by q order by count(*) desc, prop_nm) <= 2 limit 99"),
    ("which kennels have more bookings than the average kennel?", "select prop_nm from bkg join kennel_prop using (prop_cd) group by 1 having count(*) > (select count(*) / 4.0 from bkg)"),
    ("which two kennels lead in bookings within every channel?", "select code_desc p, prop_nm from bkg join code_lkp on code = chan_cd join kennel_prop using (prop_cd) group by 1, 2 qualify row_number() over (partition by p order by count(*) desc) <= 2 limit 99"),
    ("which has the higher average nightly rate, own website or telephone?", "select code_desc, avg(rate_per_nt) from bkg join code_lkp on code = chan_cd where chan_cd in ('WEB', 'TEL') group by 1"),
    # what is left out
    ("total charges by kennel, medication excluded", f"select prop_nm, sum(line_amt) from {_CHARGES} where chg_cd <> 'MED' group by 1"),
    ("number of bookings in 2025 not counting telephone", "select count(*) from bkg where year(booked_dt) = 2025 and chan_cd <> 'TEL'"),
    ("how many owners booked nothing at all in 2025?", "select count(*) from owner where owner_id not in (select owner_id from bkg where year(booked_dt) = 2025)"),
    # lists with what to show
    ("list the bookings of owner 7, with arrival date, departure date and kennel", "select bkg_id, arr_dt, dep_dt, prop_nm from bkg join kennel_prop using (prop_cd) where owner_id = 7"),
    ("how have our bookings developed from quarter to quarter?", "select date_trunc('quarter', booked_dt), count(*) from bkg group by 1"),
    ("averege rate per night by kennel", "select prop_nm, avg(rate_per_nt) from bkg join kennel_prop using (prop_cd) group by 1"),
]  # fmt: skip
