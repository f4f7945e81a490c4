"""Questions about the web tables, each with its table and gold SQL, by what the reader must know to answer it."""

from __future__ import annotations

QUESTIONS: list[tuple[str, str, str]] = [
    # a cell, whichever column it is in
    ("fixtures", "What was the score on April 9?", "select score from fixtures where game = 5"),
    ("fixtures", "who was the opponent when the record was 1-0-1", "select opponent from fixtures where game = 2"),
    ("observatories", "Which country is Pic Gris in?", "select country from observatories where observatory = 'Pic Gris'"),
    ("episodes", 'Who wrote "Harbour Lights"?', "select \"Written by\" from episodes where \"No. overall\" = 16"),
    ("episodes", "what's the title with prod. code being 2abc04", "select title from episodes where \"No. overall\" = 16"),
    ("episodes", "Name the director for salt", "select \"Directed by\" from episodes where \"No. overall\" = 15"),
    ("heat", "What lane did Ana Sousa swim in?", "select lane from heat where name = 'Ana Sousa'"),
    ("heat", "Which swimmer had a time of 2:09.13?", "select name from heat where time = '2:09.13'"),
    ("cargo", "What is the status of shipment S-1003?", "select status from cargo where \"Shipment ID\" = 'S-1003'"),
    # several conditions, each with its column before or after it
    ("episodes", "which episode was directed by Mara Quist and written by Kit Moss", "select title from episodes where \"No. overall\" = 16"),
    ("observatories", "Which observatory has an architect of Ruth Amsel, and an altitude larger than 3000?", "select observatory from observatories where \"First light\" = 1993"),
    ("standings", "What is the average Pts when Won is more than 4, and when Lost is 5?", "select avg(pts) from standings where won > 4 and lost = 5"),
    ("standings", "what club has less than 5 won and more than 2 drawn", "select club from standings where won < 5 and drawn > 2"),
    ("heat", "Which lane has a rank larger than 2, and a nationality of Nigeria?", "select lane from heat where rank > 2 and nationality = 'Nigeria'"),
    ("cargo", "how many Polar Foods shipments have Oslo as the origin?", "select count(*) from cargo where customer = 'Polar Foods' and origin = 'Oslo'"),
    # headers that hold each other's words, marks, years, units, abbreviations
    ("standings", "What is the highest Goals+ when Goals- is more than 15?", "select max(\"Goals+\") from standings where \"Goals–\" > 15"),
    ("standings", "what is goals– for Elmham", "select \"Goals–\" from standings where club = 'Elmham'"),
    ("standings", "how many points does Birchfield have?", "select pts from standings where club = 'Birchfield'"),
    ("standings", "What is the average crowd of Cedar City?", "select \"Avg. crowd\" from standings where club = 'Cedar City'"),
    ("observatories", "what is 2022 when 2021 is 88,120?", "select \"2022\" from observatories where country = 'France'"),
    ("observatories", "What is the 2023 number for Koko Ridge?", "select \"2023\" from observatories where observatory = 'Koko Ridge'"),
    ("episodes", "What is the number in season of Undertow?", "select \"No. in season\" from episodes where \"No. overall\" = 18"),
    ("episodes", "What number episode in the season is “A Cold Net”?", "select \"No. in season\" from episodes where \"No. overall\" = 17"),
    ("heat", "what was the reaction time of Li Wen?", "select \"Reaction (s)\" from heat where name = 'Li Wen'"),
    ("observatories", "Which observatory has a mirror of 10.4 m?", "select observatory from observatories where country = 'Spain'"),
    ("episodes", "how many million viewers watched Landfall?", "select \"Viewers (millions)\" from episodes where \"No. overall\" = 19"),
    ("episodes", "Which title was seen by 4.87 million viewers?", "select title from episodes where \"No. overall\" = 15"),
    # figures
    ("observatories", "What is the lowest altitude in Japan?", "select min(replace(\"Altitude (m)\", ',', '')::int) from observatories where country = 'Japan'"),
    ("observatories", "what is the total cost of the observatories in Japan?", "select sum(\"Cost ($ millions)\") from observatories where country = 'Japan'"),
    ("standings", "How many goals– were there in total for clubs with more than 3 drawn?", "select sum(\"Goals–\") from standings where drawn > 3"),
    ("episodes", "how many episodes did Sol Abend write?", "select count(*) from episodes where \"Written by\" = 'Sol Abend'"),
    ("cargo", "How many shipments were delivered?", "select count(*) from cargo where status = 'Delivered'"),
    ("cargo", "what is the average weight of shipments from Bergen", "select avg(\"Weight (kg)\") from cargo where origin = 'Bergen'"),
    ("heat", "What is the fastest reaction for a rank below 4?", "select min(\"Reaction (s)\") from heat where rank < 4"),
    ("standings", "which club has the most points?", "select club from standings order by pts desc limit 1"),
    ("observatories", "Which observatory in Japan has the largest mirror?", "select observatory from observatories where country = 'Japan' order by \"Mirror (m)\" desc limit 1"),
    ("cargo", "heaviest shipment to Hamburg", "select \"Shipment ID\" from cargo where destination = 'Hamburg' order by \"Weight (kg)\" desc limit 1"),
    ("standings", "how many different lost values are there for clubs with 4 drawn", "select count(distinct lost) from standings where drawn = 4"),
    # bounds
    ("fixtures", "What was the opponent in the game before game 2?", "select opponent from fixtures where game < 2"),
    ("fixtures", "Who was the opponent with a crowd over 9,000?", "select opponent from fixtures where game = 5"),
    ("observatories", "which observatories saw first light after 1995?", "select observatory from observatories where \"First light\" > 1995"),
    ("observatories", "List the observatories with a cost between 10 and 100", "select observatory from observatories where \"Cost ($ millions)\" between 10 and 100"),
    ("cargo", "Which shipments weigh at least 1,980 kg?", "select \"Shipment ID\" from cargo where \"Weight (kg)\" >= 1980"),
    ("episodes", "Which titles had fewer than 4.5 million viewers?", "select title from episodes where \"Viewers (millions)\" < 4.5"),
    # days
    ("episodes", "What episode aired on 29 September 2014?", "select title from episodes where \"No. overall\" = 17"),
    ("cargo", "Which customer shipped on March 3, 2024?", "select customer from cargo where \"Shipment ID\" = 'S-1005'"),
    ("cargo", "which shipments were shipped after February 10, 2024 to Hamburg", "select \"Shipment ID\" from cargo where \"Shipped on\" > date '2024-02-10' and destination = 'Hamburg'"),
    ("cargo", "when was shipment S-1004 shipped?", "select \"Shipped on\" from cargo where \"Shipment ID\" = 'S-1004'"),
    # values with marks in them, parts of them, and slips
    ("fixtures", "What is the location of the game with a score of 5–2 (9)?", "select \"Location (venue)\" from fixtures where game = 4"),
    ("fixtures", "what was the date of the 0-3 score", "select date from fixtures where game = 3"),
    ("cargo", "Who paid a freight charge of $2,050.00?", "select customer from cargo where \"Shipment ID\" = 'S-1005'"),
    ("heat", "What is the nationality of Okafor?", "select nationality from heat where name = 'Joy Okafor'"),
    ("observatories", "what is the mirror of Cero Alto?", "select \"Mirror (m)\" from observatories where observatory = 'Cerro Alto'"),
    ("observatories", "What is the altitud of La Sombra?", "select \"Altitude (m)\" from observatories where observatory = 'La Sombra'"),
    ("standings", "Name the drawm for Dogwood", "select drawn from standings where club = 'Dogwood'"),
    ("observatories", "Who is the architect of the observatory with first light in 2007?", "select architect from observatories where \"First light\" = 2007"),
    # who and where
    ("episodes", "Who directed the episode that aired on October 6, 2014?", "select \"Directed by\" from episodes where \"No. overall\" = 18"),
    ("heat", "Who finished with a time of 2:07.02?", "select name from heat where lane = 5"),
    ("fixtures", "Where was game 4 played?", "select \"Location (venue)\" from fixtures where game = 4"),
    ("heat", "who was in lane 6", "select name from heat where lane = 6"),
    # the one that the table is about has no column
    ("fixtures", "Who did the Lanterns play when the crowd was 3,455?", "select opponent from fixtures where game = 2"),
]  # fmt: skip

NOBODY: list[tuple[str, str, str]] = [
    # values that no cell is: no rows, no total, none
    ("standings", "What is the Pts with a Club of Granton, and a Won larger than 3?", "select pts from standings where club = 'Granton' and won > 3"),
    ("standings", "how many Pos have Granton as the club?", "select count(*) from standings where club = 'Granton'"),
    ("standings", "What is the average Pts when Won is 9, and when Drawn is less than 3?", "select avg(pts) from standings where won = 9 and drawn < 3"),
    ("heat", "What is the sum of Lane when the time is 2:30.00?", "select sum(lane) from heat where time = '2:30.00'"),
    ("observatories", "what is the highest mirror with a country of brazil and a cost less than 20?", "select max(\"Mirror (m)\") from observatories where country = 'brazil' and \"Cost ($ millions)\" < 20"),
    ("cargo", "Which status has a customer of Norsk Salt, and a weight (kg) larger than 500?", "select status from cargo where customer = 'Norsk Salt' and \"Weight (kg)\" > 500"),
    ("episodes", "what's the title with written by being pam orr", "select title from episodes where \"Written by\" = 'pam orr'"),
    ("heat", "What is the time of the swimmer from Iceland?", "select time from heat where nationality = 'Iceland'"),
]  # fmt: skip

UNANSWERABLE: list[tuple[str, str]] = [
    ("standings", "What is the wage bill of Dogwood?"),
    ("observatories", "how many telescopes does Pic Gris rent out?"),
    ("cargo", "which customer complained the most?"),
    ("heat", "what is the average age of the swimmers?"),
    ("episodes", "what did the critics say about Salt?"),
    ("fixtures", "how tall is the goalkeeper?"),
    ("cargo", "total freight charge for insured shipments"),
    ("standings", "what's the weather in Alder Town?"),
]
