"""Questions about the ferry line, each with its gold SQL, by what the reader must know to answer it."""

from __future__ import annotations

QUESTIONS: list[tuple[str, str]] = [
    # the time of a deed is the deed's
    ("How many distinct active riders gave money per month in 2024? Only include settled gifts.", "select date_trunc('month', given_at), count(distinct giver_id) from gifts join riders on giver_id = rider_id where status = 'active' and state = 'settled' and year(given_at) = 2024 group by 1"),
    ("How many riders gave money in 2025?", "select count(distinct giver_id) from gifts where year(given_at) = 2025"),
    ("Which riders never gave money?", "select full_name from riders where rider_id not in (select giver_id from gifts)"),
    # ids are asked for as ids
    ("Return the distinct list of rider IDs who have received payment alerts.", "select distinct rider_id from alerts where kind = 'payment'"),
    # everyone, also those of whom there is nothing
    ("Return the full name, the number of passes and the total price for all riders", "select full_name, count(pass_id), coalesce(sum(price), 0) from riders left join passes using (rider_id) group by rider_id, 1"),
    ("number of passes by rider, including riders without any passes", "select full_name, count(pass_id) from riders left join passes using (rider_id) group by rider_id, 1"),
    # a moment beside another
    ("Which riders did not get an alert within 30 days of joining?", "select full_name from riders r where not exists (select 1 from alerts a where a.rider_id = r.rider_id and sent_at between joined_at and joined_at + interval 30 day)"),
    ("How many riders bought a pass within the first year of joining?", "select count(*) from riders r where exists (select 1 from passes p where p.rider_id = r.rider_id and issued_on between joined_at and joined_at + interval 1 year)"),
    ("riders who gave a gift in the same month as they joined", "select full_name from riders r where exists (select 1 from gifts where giver_id = rider_id and date_trunc('month', given_at) = date_trunc('month', joined_at))"),
    ("Which rider gave the most gifts in the same month that the rider joined? (Either may be the earlier one.)", "select full_name, count(*) from riders join gifts on giver_id = rider_id where date_trunc('month', given_at) = date_trunc('month', joined_at) group by rider_id, 1 order by 2 desc, 1 limit 1"),
    ("How many passes were issued within a month of the rider's join date?", "select count(*) from passes join riders using (rider_id) where issued_on between joined_at and joined_at + interval 1 month"),
    # rows that are of either one or another kind
    ("What is the total number of tabs paid by each rider that is not a shop? Return the rider ID and the count.", "select payer_id, count(*) from tabs where payer_type = 0 group by 1"),
    ("How many tabs did each shop pay?", "select shop_name, count(*) from tabs join shops on payer_type = 1 and payer_id = shop_id group by shop_id, 1"),
    ("total tab amount per shop on or after 2025-01-01 and before 2025-03-01", "select shop_name, sum(tab_amount) from tabs join shops on payee_type = 1 and payee_id = shop_id where paid_at >= '2025-01-01' and paid_at < '2025-03-01' group by shop_id, 1"),
    # figures of some of the rows
    ("average settled amount by giver", "select full_name, avg(amount) from gifts join riders on giver_id = rider_id where state = 'settled' group by rider_id, 1"),
    ("How many riders received an alert less than 2 weeks after they joined?", "select count(distinct rider_id) from riders join alerts using (rider_id) where sent_at >= joined_at and sent_at < joined_at + interval 14 day"),
    # ways: from one place to another, and pairs of them
    ("How many sailings go from Holm to Sand?", "select count(*) from sailings join piers a on from_pier = a.pier_code join piers b on to_pier = b.pier_code where a.town = 'Holm' and b.town = 'Sand'"),
    ("What is the average one way price from Holm to Sand?", "select avg(one_way_price) from tariffs join piers a on from_pier = a.pier_code join piers b on to_pier = b.pier_code where a.town = 'Holm' and b.town = 'Sand'"),
    ("How many sailings leave Holm?", "select count(*) from sailings join piers on from_pier = pier_code where town = 'Holm'"),
    ("How many sailings reach Cape Point?", "select count(*) from sailings where to_pier = 'CAP'"),
    ("What is the average return price by pier pair in the tariffs table?", "select from_pier, to_pier, avg(return_price) from tariffs group by 1, 2"),
    ("number of sailings for each combination of piers", "select from_pier, to_pier, count(*) from sailings group by 1, 2"),
    # days that a column lists
    ("How many sailings run on Mondays and Wednesdays?", "select count(*) from sailings where run_days like '%mon%' and run_days like '%wed%'"),
    ("How many sailings run on Mondays or Wednesdays?", "select count(*) from sailings where run_days like '%mon%' or run_days like '%wed%'"),
    ("How many sailings run on weekends?", "select count(*) from sailings where run_days like '%sat%' or run_days like '%sun%'"),
    # tied to the same
    ("Which vessels have the same theme as Ada 4?", "select distinct vessel_name from vessels join vessel_themes using (vessel_code) where theme_id in (select theme_id from vessel_themes join vessels using (vessel_code) where vessel_name = 'Ada 4')"),
    # months that are kept as names are not the months of everything
    ("How many gifts were given between June 2024 and October 2024?", "select count(*) from gifts where given_at >= '2024-06-01' and given_at < '2024-11-01'"),
    ("How many gifts were given in each month of 2025, ordered by month?", "select date_trunc('month', given_at) m, count(*) from gifts where year(given_at) = 2025 group by 1 order by m"),
    ("total gift amount by month, sorted in descending order of month", "select date_trunc('month', given_at) m, sum(amount) from gifts group by 1 order by m desc"),
    # the most, the longest, the highest of each
    ("What is the average duration between departure and arrival times in minutes?", "select avg(arr_epoch - dep_epoch) / 60 from sailings"),
    ("Which sailing has the longest duration from departure to arrival? Return the sailing id.", "select sailing_id from sailings order by arr_epoch - dep_epoch desc limit 1"),
    ("Which sailing ids to Sand have the longest duration from departure to arrival in minutes, sorted in ascending order?", "select sailing_id, (arr_epoch - dep_epoch) / 60 from sailings join piers on to_pier = pier_code where town = 'Sand' order by 2"),
    ("What is the highest pass price for each rider?", "select full_name, max(price) from passes join riders using (rider_id) group by rider_id, 1"),
    ("lowest return price by pier pair", "select from_pier, to_pier, min(return_price) from tariffs group by 1, 2"),
    # what is left out is a kind of the same
]  # fmt: skip

_TABS = "tabs join shops on payee_type = 1 and payee_id = shop_id"

INSTRUCTED: list[tuple[str, str, str]] = [
    # what the instructions define, and what they say of how rows are chosen
    ("What is the SRR for each shop? Return the shop name, trade, total amount, and rank.", "SRR = Shop Revenue Rank, which ranks shops based on their total received cleared tab amounts. To count riders, join riders and gifts.", f"select shop_name, trade, sum(tab_amount), rank() over (order by sum(tab_amount) desc) from {_TABS} where tab_state = 'cleared' group by shop_id, 1, 2"),
    ("What is the newsletter opt-in preference for each rider? Return the rider ID and the opt-in value.", "To get any rider's settings, only select the latest entry of rider_settings for each rider. ATV = average tab value", "select rider_id, newsletter_opt_in from rider_settings s where noted_on = (select max(noted_on) from rider_settings z where z.rider_id = s.rider_id)"),
    ("How many food shops have issued vouchers? Return the shop name and the number of vouchers issued.", "Shop trades should be matched with wildcards, e.g. LOWER(trade) LIKE '%...%'.", "select shop_name, count(*) from shops join vouchers using (shop_id) where trade ilike '%food%' group by shop_id, 1"),
    ("Calculate the VUR for each shop, considering only cleared tabs. Return the shop name and VUR.", "VUR (voucher usage rate) = number of distinct vouchers used / number of distinct tabs. Find who joined with care.", f"select shop_name, count(distinct voucher_id) / count(*) from {_TABS} where tab_state = 'cleared' group by shop_id, 1"),
    ("What is the average ABR for tabs paid in the past week, inclusive of 7 days ago?", "ABR = average tab amount per rider", "select avg(tab_amount) from tabs where paid_at >= date '2025-12-31' - 7"),
]  # fmt: skip

UNSURE: list[tuple[str, str]] = [
    ("What is the total tab amount for each voucher issued by shop with ID 5? Return the voucher ID and the total amount.", "select voucher_id, sum(tab_amount) from tabs join vouchers using (voucher_id) where shop_id = 5 group by 1"),
    ("How many sailings leave from Holm, excluding sailings with calls?", "select count(*) from sailings join piers on from_pier = pier_code where town = 'Holm' and calls = 0"),
]  # fmt: skip
"""Read rightly, though too much speaks against the reading for it to be answered without asking."""
