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
    ("first and last names of the growers from Spain", "select first_nm, last_nm from growers where country_iso = 'ES'"),
    ("current growers from Italy - first and last name pls", "select first_nm, last_nm from growers where left_on is null and country_iso = 'IT'"),
    # rows that refer to nothing are of nobody
    ("total price of consignments by buyer", f"select buyer_nm, sum(price_eur) from {_BUYERS} group by 1"),
    ("called off consignments as a share of all consignments, per buyer", f"select buyer_nm, 100.0 * count(*) filter (stage_cd = 'X') / count(*) from {_BUYERS} group by 1"),
    # a list, or how many
    ("arrived consignments that were never billed", f"select consignment_id from consignments where {_ARRIVED} and consignment_id not in (select consignment_id from bills)"),
    ("consignments that have complaints about transport", "select consignment_id from consignments where consignment_id in (select consignment_id from complaints where topic = 'transport')"),
    # how a row is dated
    # verbs between two things
    ("number of pickings handled by pickers of Handwerk", f"select count(*) from {_PICKED} where agency = 'Handwerk'"),
    # shares and growth
    # times a figure
    ("How many bills were for more than the average bill?", "select count(*) from bills where amount_cents > (select avg(amount_cents) from bills)"),
    ("buyers whose average price is above the overall average price", f"select buyer_nm from {_BUYERS} group by buyer_id, 1 having avg(price_eur) > (select avg(price_eur) from consignments)"),
    ("Return the buyer name and the average price of the buyers with at least 10 consignments whose average price is above the overall average price.", f"select buyer_nm, avg(price_eur) from {_BUYERS} group by buyer_id, 1 having count(*) >= 10 and avg(price_eur) > (select avg(price_eur) from consignments)"),
    # how long
    ("What is the average number of days from order to delivery for each buyer type? Return the buyer type and the average.", f"select buyer_typ, avg(delivered_on - ordered_on) from {_BUYERS} where delivered_on is not null group by 1"),
    # nested superlatives
    ("What is the last name of the grower of the largest orchard in hectares?", f"select last_nm from {_ORCHARDS} order by hectares desc limit 1"),
    ("What is the village of the grower of the orchard with the most pickings?", "select village from growers join orchards using (grower_id) join pickings using (orchard_id) group by orchard_id, 1 order by count(*) desc limit 1"),
    # each one's best
    # those who have more than theirs
    ("first and last names of the growers who do not sponsor anyone", "select first_nm, last_nm from growers where grower_id not in (select sponsor_id from growers where sponsor_id is not null)"),
    # texts
    # lists after a colon, columns as they were asked for
    ("open complaints: complaint id, buyer, when. oldest first pls", "select complaint_id, buyer_nm, opened_on from complaints join consignments using (consignment_id) left join buyers using (buyer_id) where closed_on is null order by opened_on"),
    ("the 3 heaviest consignments and who bought them", "select consignment_id, buyer_nm from consignments join buyers using (buyer_id) order by weight_kg desc limit 3"),
    # ratios in words
    ("ratio of female to male pickers by agency", "select agency, count(*) filter (sex = 'F') * 1.0 / nullif(count(*) filter (sex = 'M'), 0) from pickers group by 1"),
    # days
    ("How many pickings began before 8 in the morning on a weekend?", "select count(*) from pickings where hour(picked_at) < 8 and isodow(picked_at) >= 6"),
    # none counts as 0
    ("buyers with an above-average credit limit, and how many consignments each of them got", "select buyer_nm, count(consignment_id) from buyers left join consignments using (buyer_id) where credit_limit_eur > (select avg(credit_limit_eur) from buyers) group by buyer_id, 1"),
    ("Who bought the most consignments from orchards in Village 3?", f"select buyer_nm from {_BUYERS} join orchards using (orchard_id) join growers using (grower_id) where village = 'Village 3' group by buyer_id, 1 order by count(*) desc limit 1"),
]  # fmt: skip

INSTRUCTED: list[tuple[str, str, str]] = [
]  # fmt: skip
"""Questions that come with definitions in plain English, and their golds."""
