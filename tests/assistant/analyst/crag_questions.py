"""Questions about the climbing halls, each with its gold SQL, by what the reader must know to answer it."""

from __future__ import annotations

_BILLS = "bills join passes using (pass_id) join pass_kinds using (kind_code)"
_LESSONS = "lessons join climbers using (climber_id)"
_NATIVES = "climbers join nations on code = nation_code"
_ROUTES = "routes join setters using (setter_id)"
_STYLES = "routes join route_styles using (route_id) join styles using (style_id)"
_VISITS = "visits join halls using (hall_id)"
_CAME = "make_timestamp(came_at * 1000000)"
_JOINED = "make_timestamp(joined_ts * 1000000)"
_BILLED = "make_timestamp(billed_ts * 1000000)"
_STARTED = "make_timestamp(started_ts * 1000000)"

QUESTIONS: list[tuple[str, str]] = [
    # a condition inside a share: the part has it, the whole does not
    ("failed bills as a share of all bills, per pass kind", f"select label, 100.0 * count(*) filter (state = 'failed') / count(*) from {_BILLS} group by 1"),
    ("What percentage of visits were guided in each hall? Return the hall name and the percentage.", f"select hall_name, 100.0 * count(*) filter (guided) / count(*) from {_VISITS} group by 1"),
    ("what share of visits were guided, by city", f"select city, 100.0 * count(*) filter (guided) / count(*) from {_VISITS} group by 1"),
    ("What percentage of bills were refunded?", "select 100.0 * count(*) filter (state = 'refunded') / count(*) from bills"),
    ("ratio of female to male climbers for each continent", f"select continent, 1.0 * count(*) filter (sex = 'f') / nullif(count(*) filter (sex = 'm'), 0) from {_NATIVES} group by 1"),
    ("What is the ratio of women to men in each continent?", f"select continent, 1.0 * count(*) filter (sex = 'f') / nullif(count(*) filter (sex = 'm'), 0) from {_NATIVES} group by 1"),
    ("share of boulder routes among all routes, by setter", f"select nickname, 100.0 * count(*) filter (kind = 'boulder') / count(*) from {_ROUTES} group by setter_id, 1"),
    ("percentage of lessons that are group lessons, per climber sex", f"select sex, 100.0 * count(*) filter (lesson_type = 'GRP') / count(*) from {_LESSONS} group by 1"),
    ("guided visits as a percentage of all visits in 2025 by month", f"select date_trunc('month', {_CAME}), 100.0 * count(*) filter (guided) / count(*) from visits where year({_CAME}) = 2025 group by 1"),
    ("What percentage of the passes started in 2024 have ended?", f"select 100.0 * count(*) filter (ended_ts is not null) / count(*) from passes where year({_STARTED}) = 2024"),
    ("refund rate by pass kind", f"select label, 100.0 * count(*) filter (state = 'refunded') / count(*) from {_BILLS} group by 1"),
    # groups are those that are said, and no more
    ("ascents per style", "select name, count(*) from ascents join route_styles using (route_id) join styles using (style_id) group by 1"),
    ("For passes that have ended, what was the average length in days per pass kind?", "select label, avg((ended_ts - started_ts) / 86400.0) from passes join pass_kinds using (kind_code) where ended_ts is not null group by 1"),
    ("What is the total amount in dollars of paid bills by pass kind and quarter in 2025? Return the pass kind label, the quarter and the amount.", f"select label, date_trunc('quarter', {_BILLED}), sum(amount_cents) / 100.0 from {_BILLS} where state = 'paid' and year({_BILLED}) = 2025 group by 1, 2"),
    ("For every month of 2025, what is the total amount of paid bills, in euros?", f"select date_trunc('month', {_BILLED}), sum(amount_cents) / 100.0 from bills where state = 'paid' and year({_BILLED}) = 2025 group by 1"),
    # units
    ("total hours spent inside at Cave", f"select sum(secs_inside) / 3600.0 from {_VISITS} where hall_name = 'Cave'"),
    ("What is the average time inside, in minutes, of guided visits?", "select avg(secs_inside) / 60.0 from visits where guided"),
    ("What is the average climb length, in minutes, of the speed runs?", "select avg(climb_sec) / 60.0 from routes where kind = 'speed_run'"),
    # time
    ("how many ppl joined in the last 90 days?", f"select count(*) from climbers where {_JOINED} >= date '2025-09-01' and {_JOINED} < date '2025-12-01'"),
    ("how many people signed up in 2024", f"select count(*) from climbers where year({_JOINED}) = 2024"),
    ("visits per month from February to August 2025", f"select date_trunc('month', {_CAME}), count(*) from visits where {_CAME} >= date '2025-02-01' and {_CAME} < date '2025-09-01' group by 1"),
    ("weekend visits vs weekday visits, counts", f"select case when isodow({_CAME}) >= 6 then 'weekend' else 'weekday' end, count(*) from visits group by 1"),
    ("number of visits on weekends and on weekdays in 2025", f"select case when isodow({_CAME}) >= 6 then 'weekend' else 'weekday' end, count(*) from visits where year({_CAME}) = 2025 group by 1"),
    # lists: what is to be returned, in that order
    ("routes by German setters: route name, setter, hall name, climb time in seconds. longest first", f"select route_name, nickname, hall_name, climb_sec from {_ROUTES} join halls using (hall_id) where nation_code = 'DE' order by climb_sec desc"),
    ("Give me every unresolved U1 report with its id, the climber's name and the topic, oldest first.", "select report_id, full_name, topic from reports join climbers using (climber_id) where closed_ts is null and urgency = 'U1' order by opened_ts"),
    ("5 tallest routes and who set them", f"select route_name, nickname from {_ROUTES} order by height_m desc limit 5"),
    ("List the lessons held in October 2025 with the date, the climber's name and the fee.", f"select held_on, full_name, fee from {_LESSONS} where held_on >= date '2025-10-01' and held_on < date '2025-11-01'"),
    ("Show the name and sex of all climbers invited by Dan Thun", "select c.full_name, c.sex from climbers c join climbers i on i.climber_id = c.invited_by where i.full_name = 'Dan Thun'"),
    ("Who invited whom? Return the inviter name and the invited climber's name for climbers who joined in 2025.", "select i.full_name, c.full_name from climbers c join climbers i on i.climber_id = c.invited_by where year(make_timestamp(c.joined_ts * 1000000)) = 2025"),
    ("Return the nickname and the mentor's nickname of all setters who have a mentor.", "select s.nickname, m.nickname from setters s join setters m on m.setter_id = s.mentor_id"),
    # superlatives
    ("What is the hall of the tallest boulder?", "select hall_name from routes join halls using (hall_id) where kind = 'boulder' order by height_m desc limit 1"),
    ("Who has set the most boulders?", f"select nickname from {_ROUTES} where kind = 'boulder' group by setter_id, 1 order by count(*) desc, nickname limit 1"),
    ("top 3 styles and how many routes each has", f"select name, count(*) from {_STYLES} group by 1 order by 2 desc limit 3"),
    ("top 3 climbers by number of guided visits and how many each made", "select full_name, count(*) from visits join climbers using (climber_id) where guided group by climber_id, 1 order by 2 desc limit 3"),
    # having and lacking
    ("Which climbers have never visited?", "select full_name from climbers where climber_id not in (select climber_id from visits)"),
    ("how many climbers dont have any guided visit", "select count(*) from climbers where climber_id not in (select climber_id from visits where guided)"),
    ("Return the nicknames of the setters who have at least one boulder but no speed run.", "select nickname from setters where setter_id in (select setter_id from routes where kind = 'boulder') and setter_id not in (select setter_id from routes where kind = 'speed_run')"),
    ("climbers who visited Cave but never Rooftop", f"select full_name from climbers where climber_id in (select climber_id from {_VISITS} where hall_name = 'Cave') and climber_id not in (select climber_id from {_VISITS} where hall_name = 'Rooftop')"),
    ("Are there any nations where nobody is a climber? Which ones?", "select name from nations where code not in (select nation_code from climbers)"),
    ("halls without any routes at all", "select hall_name from halls where hall_id not in (select hall_id from routes)"),
    ("Which setters do not mentor anyone?", "select nickname from setters where setter_id not in (select mentor_id from setters where mentor_id is not null)"),
    ("How many passes are still running?", "select count(*) from passes where ended_ts is null"),
    ("how many reports are still open, by topic", "select topic, count(*) from reports where closed_ts is null group by 1"),
    ("How many routes have not been taken down yet?", "select count(*) from routes where taken_down_on is null"),
    # compared with computed values
    ("How many routes of each kind are taller than the average route of that kind?", "select kind, count(*) from routes r where height_m > (select avg(height_m) from routes x where x.kind = r.kind) group by 1"),
    ("How many routes take longer to climb than the average route?", "select count(*) from routes where climb_sec > (select avg(climb_sec) from routes)"),
    ("coupons with an above-average discount, and how many passes used each of them", "select coupon, count(pass_id) from coupons left join passes using (coupon) where pct_off > (select avg(pct_off) from coupons) group by 1"),
    ("climbers whose total time inside is more than twice the average total time inside per climber", "with t as (select climber_id, sum(secs_inside) as s from visits group by 1) select full_name from t join climbers using (climber_id) where s > 2 * (select avg(s) from t)"),
    # texts and the words for values
    ("How many women use a gmail address?", "select count(*) from climbers where sex = 'f' and email ilike '%@gmail.com'"),
    ("climbers whose surname begins with Th", "select full_name from climbers where split_part(full_name, ' ', 2) like 'Th%'"),
    ("how many private lessons were there in 2025", "select count(*) from lessons where lesson_type = 'PVT' and year(held_on) = 2025"),
    ("average fee of kids lessons and of group lessons", "select lesson_type, avg(fee) from lessons where lesson_type in ('KID', 'GRP') group by 1"),
    ("ratio of private to group lessons", "select 1.0 * count(*) filter (lesson_type = 'PVT') / count(*) filter (lesson_type = 'GRP') from lessons"),
    ("number of lockers in the halls on the second floor", "select sum(lockers) from halls where floor_no = 2"),
    ("how many male climbers live in Europe", f"select count(*) from {_NATIVES} where sex = 'm' and continent = 'Europe'"),
]  # fmt: skip
