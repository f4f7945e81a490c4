"""Questions about the growers' cooperative, each with its gold SQL, by what the reader must know to answer it."""

from __future__ import annotations

_BILLS = "bills b join consignments c using (consignment_id)"
_BUYERS = "consignments c join buyers b using (buyer_id)"
_ORCHARDS = "orchards o join growers g using (grower_id)"
_PICKED = "pickings p join pickers w using (picker_id)"
_RESULTS = "residue_results r join substances s using (substance_cd)"
_VARIETIES = "pickings p join variety_codes v using (variety_cd)"
_BILLED = "strptime(bill_dt, '%Y%m%d')"
_PAID = "strptime(paid_dt, '%Y%m%d')"
_ARRIVED = "stage_cd = 'A'"

QUESTIONS: list[tuple[str, str]] = [
    # schemas: two-letter country codes, lists of what codes mean, what "res" is short for beside results
    ("number of growers per country", "select c.name, count(*) from growers join countries c on iso2 = country_iso group by 1"),
    ("Which country has no growers?", "select name from countries where iso2 not in (select country_iso from growers)"),
    ("total kg picked by variety", f"select variety_desc, sum(kg) from {_VARIETIES} group by 1"),
    ("average result value per substance", f"select substance_nm, avg(res_val) from {_RESULTS} group by 1"),
    # words that change nothing
    ("how many consignments are on the road right now", "select count(*) from consignments where stage_cd = 'R'"),
    ("Number of consignments by stage. Use the stage descriptions.", "select stage_desc, count(*) from consignments join stage_lkp using (stage_cd) group by 1"),
    ("What is the total area in hectares across all orchards of Austrian growers?", f"select sum(hectares) from {_ORCHARDS} where country_iso = 'AT'"),
    ("first and last names of the growers from Spain", "select first_nm, last_nm from growers where country_iso = 'ES'"),
    ("current growers from Italy - first and last name pls", "select first_nm, last_nm from growers where left_on is null and country_iso = 'IT'"),
    # rows that refer to nothing are of nobody
    ("total price of consignments by buyer", f"select buyer_nm, sum(price_eur) from {_BUYERS} group by 1"),
    ("What is the total price per buyer and quarter in 2025? Return the buyer name, the quarter and the price.", f"select buyer_nm, date_trunc('quarter', ordered_on), sum(price_eur) from {_BUYERS} where year(ordered_on) = 2025 group by 1, 2"),
    ("called off consignments as a share of all consignments, per buyer", f"select buyer_nm, 100.0 * count(*) filter (stage_cd = 'X') / count(*) from {_BUYERS} group by 1"),
    # a list, or how many
    ("arrived consignments that were never billed", f"select consignment_id from consignments where {_ARRIVED} and consignment_id not in (select consignment_id from bills)"),
    ("consignments that have complaints about transport", "select consignment_id from consignments where consignment_id in (select consignment_id from complaints where topic = 'transport')"),
    # how a row is dated
    ("For every month of 2026, what is the total amount of bills, going by the payment date?", f"select date_trunc('month', {_PAID}), sum(amount_cents) / 100.0 from bills where year({_PAID}) = 2026 group by 1"),
    # verbs between two things
    ("number of pickings handled by pickers of Handwerk", f"select count(*) from {_PICKED} where agency = 'Handwerk'"),
    # shares and growth
    ("What percentage of arrived consignments were delivered after the promised date?", f"select 100.0 * count(*) filter (delivered_on > promised_on) / count(*) from consignments where {_ARRIVED}"),
    ("What percentage of arrived consignments arrived after the promised date, for each buyer? Return the buyer name and the percentage.", f"select buyer_nm, 100.0 * count(*) filter (delivered_on > promised_on) / count(*) from {_BUYERS} where {_ARRIVED} group by 1"),
    ("Return the month and the month-over-month growth percentage of the number of pickings from March to October 2025.", "with m as (select date_trunc('month', picked_at) as mth, count(*) as n from pickings group by 1), g as (select mth, 100.0 * (n - lag(n) over (order by mth)) / lag(n) over (order by mth) as p from m) select mth, p from g where mth between date '2025-03-01' and date '2025-10-01' order by 1"),
    # times a figure
    ("copper results more than 1.5x the limit - how many", "select count(*) from residue_results r join substances s using (substance_cd) where substance_cd = 'CU' and res_val > 1.5 * limit_hi"),
    ("How many residue results are above the limit of their substance?", f"select count(*) from {_RESULTS} where res_val > limit_hi"),
    ("buyers with a credit limit more than 1.5x the median limit, and their limit", "select buyer_nm, credit_limit_eur from buyers where credit_limit_eur > 1.5 * (select median(credit_limit_eur) from buyers)"),
    ("buyers with a credit limit of less than half the average credit limit", "select buyer_nm from buyers where credit_limit_eur < 0.5 * (select avg(credit_limit_eur) from buyers)"),
    ("How many bills were for more than the average bill?", "select count(*) from bills where amount_cents > (select avg(amount_cents) from bills)"),
    ("buyers whose average price is above the overall average price", f"select buyer_nm from {_BUYERS} group by buyer_id, 1 having avg(price_eur) > (select avg(price_eur) from consignments)"),
    ("Return the buyer name and the average price of the buyers with at least 10 consignments whose average price is above the overall average price.", f"select buyer_nm, avg(price_eur) from {_BUYERS} group by buyer_id, 1 having count(*) >= 10 and avg(price_eur) > (select avg(price_eur) from consignments)"),
    # how long
    ("What is the average number of days from order to delivery for each buyer type? Return the buyer type and the average.", f"select buyer_typ, avg(delivered_on - ordered_on) from {_BUYERS} where delivered_on is not null group by 1"),
    ("average number of days it takes buyers to pay a bill, by buyer", f"select buyer_nm, avg(date_diff('day', {_BILLED}, {_PAID})) from {_BILLS} join buyers using (buyer_id) where paid_dt is not null group by buyer_id, 1"),
    ("avg days it takes buyers to pay a bill, by buyer? only buyers with at least 5 paid bills", f"select buyer_nm, avg(date_diff('day', {_BILLED}, {_PAID})) from {_BILLS} join buyers using (buyer_id) where state = 'paid' group by buyer_id, 1 having count(*) >= 5"),
    ("the oldest picker and their age", "select full_name, date_sub('year', dob, date '2026-06-30') from pickers order by dob limit 1"),
    ("How many pickers are older than 40?", "select count(*) from pickers where date_sub('year', dob, date '2026-06-30') > 40"),
    ("average age of pickers by sex", "select sex, avg(date_sub('year', dob, date '2026-06-30')) from pickers group by 1"),
    # nested superlatives
    ("What is the last name of the grower of the largest orchard in hectares?", f"select last_nm from {_ORCHARDS} order by hectares desc limit 1"),
    ("What is the village of the grower of the orchard with the most pickings?", "select village from growers join orchards using (grower_id) join pickings using (orchard_id) group by orchard_id, 1 order by count(*) desc limit 1"),
    ("Who is the picker with the most pickings in the orchard with the most pickings?", "select full_name from pickings join pickers using (picker_id) where orchard_id = (select orchard_id from pickings group by 1 order by count(*) desc limit 1) group by picker_id, 1 order by count(*) desc limit 1"),
    ("Take the variety with the most pickings: which picker picked it most often? Give me the full name.", "select full_name from pickings join pickers using (picker_id) where variety_cd = (select variety_cd from pickings group by 1 order by count(*) desc limit 1) group by picker_id, 1 order by count(*) desc limit 1"),
    # each one's best
    ("For each variety, which picker picked the most kg? Return the variety and the picker's name.", "select variety_desc, full_name from pickings join pickers using (picker_id) join variety_codes using (variety_cd) group by 1, picker_id, 2 qualify rank() over (partition by variety_desc order by sum(kg) desc) = 1"),
    ("For each buyer, return the buyer name and the name of the orchard with the most consignments to that buyer, including ties.", "select buyer_nm, orchard_nm from consignments join buyers using (buyer_id) join orchards using (orchard_id) group by buyer_id, 1, orchard_id, 2 qualify rank() over (partition by buyer_id order by count(*) desc) = 1"),
    # those who have more than theirs
    ("first and last names of the growers who do not sponsor anyone", "select first_nm, last_nm from growers where grower_id not in (select sponsor_id from growers where sponsor_id is not null)"),
    # texts
    ("complaints where the text mentions a pallet or a crate: complaint id, topic", "select complaint_id, topic from complaints where complaint_txt ilike '%pallet%' or complaint_txt ilike '%crate%'"),
    # lists after a colon, columns as they were asked for
    ("open complaints: complaint id, buyer, when. oldest first pls", "select complaint_id, buyer_nm, opened_on from complaints join consignments using (consignment_id) left join buyers using (buyer_id) where closed_on is null order by opened_on"),
    ("the 3 heaviest consignments and who bought them", "select consignment_id, buyer_nm from consignments join buyers using (buyer_id) order by weight_kg desc limit 3"),
    ("Return each village and country name together with the number of growers, excluding growers who have left.", "select village, c.name, count(*) from growers join countries c on iso2 = country_iso where left_on is null group by 1, 2"),
    ("Return each agency and sex together with the number of pickers, excluding pickers whose sex is unknown.", "select agency, sex, count(*) from pickers where sex in ('F', 'M') group by 1, 2"),
    # ratios in words
    ("price per km by buyer type (total price over total distance, arrived only)", f"select buyer_typ, sum(price_eur) / sum(dist_km) from {_BUYERS} where {_ARRIVED} group by 1"),
    ("average number of consignments per buying buyer (buyers that ordered at least once) in each buyer type", f"select buyer_typ, count(*) * 1.0 / count(distinct c.buyer_id) from {_BUYERS} group by 1"),
    ("ratio of female to male pickers by agency", "select agency, count(*) filter (sex = 'F') * 1.0 / nullif(count(*) filter (sex = 'M'), 0) from pickers group by 1"),
    # days
    ("How many pickings began before 8 in the morning on a weekend?", "select count(*) from pickings where hour(picked_at) < 8 and isodow(picked_at) >= 6"),
    ("number of weekend pickings per variety", f"select variety_desc, count(*) from {_VARIETIES} where isodow(picked_at) >= 6 group by 1"),
    # none counts as 0
    ("buyers with an above-average credit limit, and how many consignments each of them got", "select buyer_nm, count(consignment_id) from buyers left join consignments using (buyer_id) where credit_limit_eur > (select avg(credit_limit_eur) from buyers) group by buyer_id, 1"),
    ("How many pickings has each picker got? Return the picker's name and the number of pickings, leaving out pickers without any.", f"select full_name, count(*) from {_PICKED} group by picker_id, 1"),
    ("Who bought the most consignments from orchards in Village 3?", f"select buyer_nm from {_BUYERS} join orchards using (orchard_id) join growers using (grower_id) where village = 'Village 3' group by buyer_id, 1 order by count(*) desc limit 1"),
]  # fmt: skip

INSTRUCTED: list[tuple[str, str, str]] = [
    ("on-time rate by buyer", "On-time rate = arrived consignments whose delivery date is on or before the promised date / all arrived consignments. Only report buyers with at least 8 arrived consignments.", f"select buyer_nm, 100.0 * count(*) filter (delivered_on <= promised_on) / count(*) from {_BUYERS} where {_ARRIVED} group by buyer_id, 1 having count(*) >= 8"),
    ("What is the net price by buyer type?", "Net price is the price less the discount percentage (a missing discount counts as zero). Called off consignments never count.", f"select buyer_typ, sum(price_eur * (1 - coalesce(disc_pct, 0) / 100)) from {_BUYERS} where stage_cd <> 'X' group by 1"),
    ("How many regular buyers do we have for each buyer type?", "A regular buyer is a buyer with at least 15 arrived consignments. The active flag is not maintained, do not use it.", f"with r as (select buyer_id from consignments where {_ARRIVED} group by 1 having count(*) >= 15) select buyer_typ, count(*) from r join buyers using (buyer_id) group by 1"),
    ("List the names of our heavy buyers.", "A heavy buyer is a buyer with a total weight above 20000 kg, over all time.", f"select buyer_nm from {_BUYERS} group by buyer_id, 1 having sum(weight_kg) > 20000"),
    ("collection rate by buyer type?", "Collection rate means total amount of paid bills divided by total amount of all bills that are not void, as a percentage.", "select buyer_typ, 100.0 * sum(amount_cents) filter (state = 'paid') / sum(amount_cents) filter (state <> 'void') from bills join consignments using (consignment_id) join buyers using (buyer_id) group by 1"),
    ("Top 3 buyers by qualified orders, and how many each has", "A qualified order is an arrived consignment of at least 500 kg. Break ties by buyer name, A to Z.", f"select buyer_nm, count(*) from {_BUYERS} where {_ARRIVED} and weight_kg >= 500 group by buyer_id, 1 order by 2 desc, 1 limit 3"),
    ("What share of the kg was soft fruit in each quarter of 2025?", "Soft fruit means cherries and pears; apples are not soft fruit.", f"select date_trunc('quarter', picked_at), 100.0 * sum(kg) filter (fruit in ('cherry', 'pear')) / sum(kg) from {_VARIETIES} where year(picked_at) = 2025 group by 1"),
]  # fmt: skip
"""Questions that come with definitions in plain English, and their golds."""
