-- 1991–92 Winnipeg Blizzard (ice hockey) game log: December
CREATE TABLE t_101 ("Game" INTEGER, "Date" VARCHAR, "Visitor" VARCHAR, "Score" VARCHAR, "Home" VARCHAR, "OT" VARCHAR, "Decision" VARCHAR, "Attendance" VARCHAR, "Record" VARCHAR, "Pts" INTEGER);
INSERT INTO t_101 VALUES (24, 'December 1', 'Winnipeg', '3–2', 'Quebec', NULL, 'Lacombe', '12,116', '11–9–4', 26);
INSERT INTO t_101 VALUES (25, 'December 4', 'Hartford', '4–4', 'Winnipeg', 'OT', 'Lacombe', '10,987', '11–9–5', 27);
INSERT INTO t_101 VALUES (26, 'December 6', 'Calgary', '6–1', 'Winnipeg', NULL, 'Sjöberg', '13,450', '11–10–5', 27);
INSERT INTO t_101 VALUES (27, 'December 8', 'Winnipeg', '2–5', 'Chicago', NULL, 'Sjöberg', '17,101', '11–11–5', 27);
INSERT INTO t_101 VALUES (28, 'December 11', 'Winnipeg', '4–3', 'St. Louis', 'OT', 'Lacombe', '16,744', '12–11–5', 29);
INSERT INTO t_101 VALUES (29, 'December 14', 'Edmonton', '2–7', 'Winnipeg', NULL, 'Lacombe', '15,229', '13–11–5', 31);
INSERT INTO t_101 VALUES (30, 'December 17', 'Winnipeg', '1–0', 'Vancouver', NULL, 'Lacombe', '14,028', '14–11–5', 33);
INSERT INTO t_101 VALUES (31, 'December 19', 'Winnipeg', '5–5', 'Los Angeles', 'OT', 'Bouchard', '16,005', '14–11–6', 34);
INSERT INTO t_101 VALUES (32, 'December 22', 'Detroit', '3–6', 'Winnipeg', NULL, 'Lacombe', '15,398', '15–11–6', 36);
INSERT INTO t_101 VALUES (33, 'December 27', 'Minnesota', '5–3', 'Winnipeg', NULL, 'Lacombe', '15,112', '15–12–6', 36);
INSERT INTO t_101 VALUES (34, 'December 30', 'Winnipeg', '2–4', 'Toronto', NULL, 'Lacombe', '15,716', '15–13–6', 36);
-- The Lamplighter (BBC serial drama), surviving episodes
CREATE TABLE t_102 ("Serial no." VARCHAR, "Story title" VARCHAR, "No. of episodes" INTEGER, "Writer" VARCHAR, "First broadcast" VARCHAR, "Repeat date" VARCHAR, "UK viewers (million)" DOUBLE, "Archive" VARCHAR);
INSERT INTO t_102 VALUES ('A', 'The Clock Thief', 4, 'Derek Mallory', '12 January 1963', '3 August 1963', 5.1, 'All episodes');
INSERT INTO t_102 VALUES ('B', 'Shadows over Whitby', 6, 'Hilda Crane', '16 February 1963', '–', 6.3, 'Episodes 1, 4 only');
INSERT INTO t_102 VALUES ('C', 'The Iron Choir', 6, 'Derek Mallory', '30 March 1963', '14 September 1963', 6.9, 'None');
INSERT INTO t_102 VALUES ('D', 'Mr. Quill''s Machine', 2, 'Angus Rennie', '11 May 1963', '–', 7.4, 'All episodes');
INSERT INTO t_102 VALUES ('E', 'The Drowned Bell', 7, 'Hilda Crane', '5 October 1963', '4 July 1964', 8.2, 'Episodes 2, 3, 6 only');
INSERT INTO t_102 VALUES ('F', 'Embers', 4, 'Tony Vickers', '23 November 1963', '–', 7.7, 'None');
INSERT INTO t_102 VALUES ('G', 'A Parliament of Crows', 6, 'Derek Mallory', '21 December 1963', '–', 9.0, 'None');
INSERT INTO t_102 VALUES ('H', 'The Last Lamp', 1, 'Angus Rennie & Hilda Crane', '1 February 1964', '8 August 1964', 10.3, 'All episodes');
-- Thornbury Town F.C. transfers, summer 2008
CREATE TABLE t_103 ("Date" VARCHAR, "Pos." VARCHAR, "Name" VARCHAR, "From / To" VARCHAR, "Fee" VARCHAR, "Ends" INTEGER, "N" VARCHAR);
INSERT INTO t_103 VALUES ('2 June 2008', 'MF', 'Callum Reyes', 'Yeovil Town', '£175k', 2011, 'ENG');
INSERT INTO t_103 VALUES ('11 June 2008', 'DF', 'Anders Lykke', 'Brøndby', 'Free', 2010, 'DEN');
INSERT INTO t_103 VALUES ('11 June 2008', 'GK', 'Pete Sandiford', 'Rochdale', 'Undisclosed', 2010, 'ENG');
INSERT INTO t_103 VALUES ('30 June 2008', 'FW', 'Ousmane Kanté', 'Le Havre', '£1.2m', 2012, 'MLI');
INSERT INTO t_103 VALUES ('4 July 2008', 'DF', 'Jordan Teague', 'Youth system', '–', 2009, 'WAL');
INSERT INTO t_103 VALUES ('15 July 2008', 'MF', 'Ryan Oakes', 'Bury', '£60k', 2010, 'ENG');
INSERT INTO t_103 VALUES ('1 August 2008', 'FW', 'Steven McGlynn', 'Partick Thistle', '£340k', 2011, 'SCO');
INSERT INTO t_103 VALUES ('1 September 2008', 'DF', 'Tunde Afolabi', 'Crewe Alexandra', 'Loan', 2009, 'ENG');
-- 1967 Grand Prix of the Lakes classification
CREATE TABLE t_104 ("Pos" VARCHAR, "No" INTEGER, "Driver" VARCHAR, "Constructor" VARCHAR, "Laps" INTEGER, "Time/Retired" VARCHAR, "Grid" INTEGER, "Points" INTEGER);
INSERT INTO t_104 VALUES ('1', 7, 'Alastair Quaid', 'Brabham-Repco', 68, '2:05:55.6', 2, 9);
INSERT INTO t_104 VALUES ('2', 4, 'Jo Lindqvist', 'Cooper-Maserati', 68, '+ 23.1', 5, 6);
INSERT INTO t_104 VALUES ('3', 11, 'Pietro Gallo', 'Ferrari', 67, '+ 1 Lap', 3, 4);
INSERT INTO t_104 VALUES ('4', 1, 'Danny Holt', 'Eagle-Weslake', 67, '+ 1 Lap', 1, 3);
INSERT INTO t_104 VALUES ('5', 17, 'Bruno Keller', 'Lotus-BRM', 65, '+ 3 Laps', 9, 2);
INSERT INTO t_104 VALUES ('6', 14, 'Hugo Maes', 'Cooper-Maserati', 64, '+ 4 Laps', 12, 1);
INSERT INTO t_104 VALUES ('Ret', 3, 'Chris Penrose', 'BRM', 51, 'Gearbox', 4, NULL);
INSERT INTO t_104 VALUES ('Ret', 9, 'Marcel Thiry', 'Ferrari', 44, 'Engine', 6, NULL);
INSERT INTO t_104 VALUES ('Ret', 22, 'Lou Bannister', 'Lotus-Ford', 38, 'Suspension', 7, NULL);
INSERT INTO t_104 VALUES ('NC', 20, 'Sid Farrow', 'Brabham-Climax', 35, 'Not classified', 13, NULL);
INSERT INTO t_104 VALUES ('Ret', 5, 'Günther Voss', 'Brabham-Repco', 12, 'Oil leak', 8, NULL);
INSERT INTO t_104 VALUES ('DNS', 16, 'Ed Merriweather', 'McLaren-BRM', NULL, 'Practice accident', NULL, NULL);
-- Nordic Song Contest 1976 (national final)
CREATE TABLE t_105 ("Draw" INTEGER, "Artist" VARCHAR, "Song" VARCHAR, "Language" VARCHAR, "Jury" INTEGER, "Televote" INTEGER, "Total" INTEGER, "Place" VARCHAR);
INSERT INTO t_105 VALUES (1, 'Marit Eide', '"Sommerfugl"', 'Norwegian', 42, 31, 73, '5th');
INSERT INTO t_105 VALUES (2, 'The Kvints', '"Hello Hello"', 'English', 28, 60, 88, '3rd');
INSERT INTO t_105 VALUES (3, 'Bosse & Lena', '"Min vän"', 'Swedish', 51, 18, 69, '6th');
INSERT INTO t_105 VALUES (4, 'Sirkka Aalto', '"Kesän lapset"', 'Finnish', 60, 44, 104, '1st');
INSERT INTO t_105 VALUES (5, 'Poul Krogh', '"Tivoli"', 'Danish', 19, 22, 41, '8th');
INSERT INTO t_105 VALUES (6, 'Áine Bergström', '"Vals"', 'Swedish', 37, 50, 87, '4th');
INSERT INTO t_105 VALUES (7, 'Nordlys', '"Aurora"', 'Norwegian', 55, 47, 102, '2nd');
INSERT INTO t_105 VALUES (8, 'Hreinn Óli', '"Ég man"', 'Icelandic', 30, 15, 45, '7th');
-- Dams of the Upper Tarn basin
CREATE TABLE t_106 ("Dam" VARCHAR, "River" VARCHAR, "Type" VARCHAR, "Height (m)" DOUBLE, "Length (m)" INTEGER, "Capacity (hm³)" DOUBLE, "Completed" INTEGER, "Operator" VARCHAR);
INSERT INTO t_106 VALUES ('Bastide-Neuve', 'Tarn', 'Arch', 62.5, 180, 14.8, 1932, 'TH');
INSERT INTO t_106 VALUES ('Les Ormeaux', 'Dourbie', 'Gravity', 41.0, 212, 9.3, 1949, 'TH');
INSERT INTO t_106 VALUES ('Salvetat', 'Agout', 'Hollow gravity', 61.0, 315, 46.0, 1953, 'EDT');
INSERT INTO t_106 VALUES ('La Clède', 'Jonte', 'Earth-fill', 23.7, 540, 3.1, 1974, 'Municipal');
INSERT INTO t_106 VALUES ('Pont Rouge', 'Tarn', 'Gravity', 34.2, 150, 6.6, 1928, 'TH');
INSERT INTO t_106 VALUES ('Rieucros', 'Agout', 'Rock-fill', 58.0, 402, 28.5, 1981, 'EDT');
INSERT INTO t_106 VALUES ('Malbosc', 'Colagne', 'Arch', 44.9, 167, 5.2, 1960, 'EDT');
-- Longest covered bridges in Marchmont County
CREATE TABLE t_107 ("Bridge" VARCHAR, "Township" VARCHAR, "Crosses" VARCHAR, "Length" VARCHAR, "Truss" VARCHAR, "Year" INTEGER, "NRHP ref" VARCHAR);
INSERT INTO t_107 VALUES ('Aldous Mill', 'Penn', 'Little Pike Creek', '132 ft', 'Burr arch', 1867, '80003490');
INSERT INTO t_107 VALUES ('Bitzer''s', 'West Earl', 'Conestee Creek', '98 ft', 'Burr arch', 1846, '–');
INSERT INTO t_107 VALUES ('Colemanville', 'Martic', 'Pequannock Creek', '167 ft', 'Burr arch', 1856, '80003518');
INSERT INTO t_107 VALUES ('Dutch Hollow', 'Martic', 'Muddy Run', '71 ft', 'Queenpost', 1889, '80003521');
INSERT INTO t_107 VALUES ('Forry''s', 'Drumore', 'Chiques Run', '103 ft', 'Howe', 1869, '–');
INSERT INTO t_107 VALUES ('Keller''s (moved 2006)', 'Ephrata', 'Cocalico Creek', '74 ft', 'Burr arch', 1873, '80003527');
INSERT INTO t_107 VALUES ('Pine Grove', 'Penn', 'Octoraro Creek', '204 ft', 'Burr arch', 1884, '80003512');
-- Business school rankings, Baltic region
CREATE TABLE t_108 ("School" VARCHAR, "Country" VARCHAR, "FT 2012" VARCHAR, "Ek. 2012" VARCHAR, "Eduniv. 2011" VARCHAR, "AACSB" VARCHAR, "EQUIS" VARCHAR);
INSERT INTO t_108 VALUES ('Riga Commerce Institute', 'Latvia', '38', '41', '3 palms', 'Yes', 'No');
INSERT INTO t_108 VALUES ('Tartu Management School', 'Estonia', '–', '44', '3 palms', 'No', 'No');
INSERT INTO t_108 VALUES ('Vilnius Graduate Business School', 'Lithuania', '52', '–', '4 palms', 'Yes', 'Yes');
INSERT INTO t_108 VALUES ('Gdańsk Higher School of Trade', 'Poland', '45', '36', '3 palms', 'No', 'Yes');
INSERT INTO t_108 VALUES ('Åbo Handelshögskola', 'Finland', '21', '19', '4 palms', 'Yes', 'Yes');
INSERT INTO t_108 VALUES ('Kaliningrad Economic Academy', 'Russia', '–', '–', '2 palms', 'No', 'No');
-- Integrated schools in Waitara District
CREATE TABLE t_109 ("Name" VARCHAR, "Years" VARCHAR, "Gender" VARCHAR, "Area" VARCHAR, "Authority" VARCHAR, "Decile" VARCHAR, "Roll" INTEGER);
INSERT INTO t_109 VALUES ('Awamate School', '1–8', 'Coed', 'Awamate', 'State', '4', 112);
INSERT INTO t_109 VALUES ('Hikurua Area School', '1–15', 'Coed', 'Hikurua', 'State', '2', 204);
INSERT INTO t_109 VALUES ('Mangapai School', '1–6', 'Coed', 'Mangapai', 'State', '7', 63);
INSERT INTO t_109 VALUES ('Saint Brigid''s College', '7–15', 'Girls', 'Waitara', 'State integrated', '6', 418);
INSERT INTO t_109 VALUES ('Saint Columba''s', '1–8', 'Coed', 'Waitara', 'State integrated', '5', 187);
INSERT INTO t_109 VALUES ('Te Kura o Rangiwhata', '1–8', 'Coed', 'Rangiwhata', 'State', '1', 39);
INSERT INTO t_109 VALUES ('Waitara High School', '9–15', 'Coed', 'Waitara', 'State', '3', 655);
INSERT INTO t_109 VALUES ('Waitara West School', '1–6', 'Coed', 'Waitara', 'State', '4', 241);
INSERT INTO t_109 VALUES ('Whenuaroa School', '1–8', 'Coed', 'Whenuaroa', 'State', '–', 21);
-- Dale Corrigan career statistics (stock car racing)
CREATE TABLE t_110 ("Year" INTEGER, "Starts" INTEGER, "Wins" INTEGER, "Top 5" INTEGER, "Top 10" INTEGER, "Poles" INTEGER, "Avg. start" DOUBLE, "Avg. finish" DOUBLE, "Winnings" VARCHAR, "Position" VARCHAR, "Team(s)" VARCHAR);
INSERT INTO t_110 VALUES (1985, 3, 0, 0, 0, 0, 28.3, 24.7, '$9,410', '61st', 'Corrigan Racing');
INSERT INTO t_110 VALUES (1986, 11, 0, 0, 2, 0, 22.1, 21.5, '$64,225', '37th', 'Corrigan Racing');
INSERT INTO t_110 VALUES (1987, 29, 0, 3, 8, 1, 16.4, 17.9, '$291,080', '16th', 'Blue Ridge Motorsports');
INSERT INTO t_110 VALUES (1988, 29, 1, 7, 13, 2, 12.8, 14.2, '$611,745', '9th', 'Blue Ridge Motorsports');
INSERT INTO t_110 VALUES (1989, 29, 4, 12, 18, 3, 9.5, 11.6, '$1,102,300', '4th', 'Blue Ridge Motorsports');
INSERT INTO t_110 VALUES (1990, 29, 2, 9, 15, 0, 13.3, 13.9, '$884,910', '8th', 'Blue Ridge Motorsports');
INSERT INTO t_110 VALUES (1991, 17, 0, 1, 4, 0, 20.7, 22.0, '$240,655', '30th', 'Hollins Brothers / Ray Tully');
INSERT INTO t_110 VALUES (1993, 2, 0, 0, 0, 0, 33.5, 36.0, '$14,800', '72nd', 'Ray Tully');
-- Women's 200 m breaststroke, semifinal results
CREATE TABLE t_111 ("Rank" INTEGER, "Heat" INTEGER, "Lane" INTEGER, "Name" VARCHAR, "Nationality" VARCHAR, "Time" VARCHAR, "Notes" VARCHAR);
INSERT INTO t_111 VALUES (1, 2, 4, 'Klára Benkő', 'Hungary', '2:22.61', 'Q, NR');
INSERT INTO t_111 VALUES (2, 1, 5, 'Jessica Hartnell', 'Australia', '2:23.08', 'Q');
INSERT INTO t_111 VALUES (3, 2, 3, 'Mizuki Arai', 'Japan', '2:23.44', 'Q');
INSERT INTO t_111 VALUES (4, 1, 4, 'Annika Sandvik', 'Norway', '2:24.02', 'Q, NR');
INSERT INTO t_111 VALUES (5, 1, 3, 'Li Wenqian', 'China', '2:24.50', 'Q');
INSERT INTO t_111 VALUES (6, 2, 6, 'Rebecca Stokes', 'Great Britain', '2:24.77', 'Q');
INSERT INTO t_111 VALUES (7, 1, 2, 'Tanya Belova', 'Russia', '2:25.19', 'Q');
INSERT INTO t_111 VALUES (7, 2, 5, 'Courtney Abbot', 'United States', '2:25.19', 'Q');
INSERT INTO t_111 VALUES (9, 2, 2, 'Kirsten Bakker', 'Netherlands', '2:26.33', NULL);
INSERT INTO t_111 VALUES (10, 1, 6, 'Emi Sato', 'Japan', '2:27.01', NULL);
INSERT INTO t_111 VALUES (11, 2, 7, 'María Olmedo', 'Spain', '2:27.90', NULL);
INSERT INTO t_111 VALUES (12, 1, 7, 'Giulia Ferrero', 'Italy', 'DSQ', NULL);
-- Eruptions of Mount Karanga
CREATE TABLE t_112 ("Began" INTEGER, "Ended" INTEGER, "Duration (days)" INTEGER, "VEI" INTEGER, "Vent" VARCHAR, "Deaths" VARCHAR, "Lava volume (10⁶ m³)" DOUBLE);
INSERT INTO t_112 VALUES (1768, 1768, 21, 2, 'Summit crater', '–', 4.2);
INSERT INTO t_112 VALUES (1811, 1813, 640, 3, 'South rift', '17', 88.0);
INSERT INTO t_112 VALUES (1855, 1855, 9, 1, 'Summit crater', '–', 0.7);
INSERT INTO t_112 VALUES (1888, 1889, 203, 4, 'Northeast flank', '1,240', 31.5);
INSERT INTO t_112 VALUES (1902, 1902, 44, 2, 'South rift', '3', 12.9);
INSERT INTO t_112 VALUES (1931, 1931, 13, 2, 'Summit crater', '–', 2.4);
INSERT INTO t_112 VALUES (1951, 1952, 388, 3, 'South rift', '0', 105.6);
INSERT INTO t_112 VALUES (1977, 1977, 6, 1, 'Summit crater', '–', 0.5);
INSERT INTO t_112 VALUES (2006, 2007, 151, 2, 'Northeast flank', '0', 19.1);
-- Paralogs of gene FAM291B
CREATE TABLE t_113 ("Species" VARCHAR, "Common name" VARCHAR, "NCBI accession number" VARCHAR, "Sequence length (aa)" INTEGER, "Sequence identity" VARCHAR, "Sequence similarity" VARCHAR, "Divergence (MYA)" DOUBLE);
INSERT INTO t_113 VALUES ('Homo sapiens', 'Human', 'NP_001073912.1', 473, '100%', '100%', 0);
INSERT INTO t_113 VALUES ('Pan troglodytes', 'Chimpanzee', 'XP_525011.3', 473, '99%', '99%', 6.4);
INSERT INTO t_113 VALUES ('Mus musculus', 'Mouse', 'NP_780519.2', 468, '82%', '88%', 90);
INSERT INTO t_113 VALUES ('Bos taurus', 'Cow', 'XP_002690144.1', 471, '85%', '90%', 96);
INSERT INTO t_113 VALUES ('Monodelphis domestica', 'Opossum', 'XP_001371882.1', 480, '67%', '78%', 162);
INSERT INTO t_113 VALUES ('Gallus gallus', 'Chicken', 'XP_414928.4', 455, '58%', '70%', 318);
INSERT INTO t_113 VALUES ('Xenopus tropicalis', 'Western clawed frog', 'NP_001120411.1', 449, '51%', '66%', 352);
INSERT INTO t_113 VALUES ('Danio rerio', 'Zebrafish', 'NP_001017713.1', 462, '44%', '60%', 433);
-- Opinion polls for the 2010 Marengo gubernatorial race
CREATE TABLE t_114 ("Poll source" VARCHAR, "Date(s) administered" VARCHAR, "Sample size" VARCHAR, "Margin of error" VARCHAR, "Ann Whitlock (D)" VARCHAR, "Tom Breaux (R)" VARCHAR, "Other" VARCHAR, "Undecided" VARCHAR);
INSERT INTO t_114 VALUES ('Cobalt Research', 'October 24–27, 2010', '612 LV', '± 4.0%', '47%', '45%', '3%', '5%');
INSERT INTO t_114 VALUES ('Marengo State University', 'October 11–19, 2010', '830 RV', '± 3.4%', '44%', '44%', '–', '12%');
INSERT INTO t_114 VALUES ('Fairview Polling', 'October 5, 2010', '500 LV', '± 4.5%', '43%', '48%', '4%', '5%');
INSERT INTO t_114 VALUES ('Cobalt Research', 'September 14–17, 2010', '605 LV', '± 4.0%', '42%', '47%', '4%', '7%');
INSERT INTO t_114 VALUES ('The Pike Group', 'August 21, 2010', '750 LV', '± 3.7%', '45%', '46%', '2%', '7%');
INSERT INTO t_114 VALUES ('Fairview Polling', 'June 9, 2010', '500 LV', '± 4.5%', '39%', '46%', '6%', '9%');
INSERT INTO t_114 VALUES ('Marengo State University', 'March 2–10, 2010', '744 RV', '± 3.7%', '40%', '41%', '–', '19%');
-- Elections to Ravnagor Assembly: seats by party
CREATE TABLE t_115 ("Party" VARCHAR, "1992" INTEGER, "1996" INTEGER, "2000" INTEGER, "2004" INTEGER, "2008" INTEGER, "Change (2004–08)" VARCHAR, "Leader in 2008" VARCHAR);
INSERT INTO t_115 VALUES ('National Renewal', 48, 41, 36, 52, 47, '–5', 'Bojan Trkulja');
INSERT INTO t_115 VALUES ('Social Democratic Union', 33, 39, 44, 30, 34, '+4', 'Vesna Marić');
INSERT INTO t_115 VALUES ('Farmers'' League', 19, 17, 12, 9, 11, '+2', 'Petar Hodak');
INSERT INTO t_115 VALUES ('Green Alternative', 0, 3, 8, 9, 12, '+3', 'Iva Lončar');
INSERT INTO t_115 VALUES ('Coast and Islands', 10, 10, 10, 10, 9, '–1', 'Ante Škoro');
INSERT INTO t_115 VALUES ('Communist Party', 10, 8, 7, 6, 0, '–6', '–');
INSERT INTO t_115 VALUES ('Minorities list', 5, 7, 8, 9, 12, '+3', 'Ilona Takács');
-- Kittiwake (band) singles
CREATE TABLE t_116 ("Release date" VARCHAR, "A-side" VARCHAR, "B-side" VARCHAR, "Label & number" VARCHAR, "Peak UK" INTEGER, "Peak IRE" VARCHAR, "Weeks on chart" INTEGER);
INSERT INTO t_116 VALUES ('9 March 1979', '"Painted Room"', '"Slow Bus"', 'Fidget FID 3', 68, '–', 3);
INSERT INTO t_116 VALUES ('2 November 1979', '"Ordinary Saints"', '"Painted Room (live)"', 'Fidget FID 7', 31, '24', 6);
INSERT INTO t_116 VALUES ('14 June 1980', '"Telegram Boy"', '"Caravan Park"', 'Arista ARIST 359', 6, '4', 11);
INSERT INTO t_116 VALUES ('4 October 1980', '"Cardigan"', '"Instrumental No. 4"', 'Arista ARIST 377', 15, '9', 8);
INSERT INTO t_116 VALUES ('21 March 1981', '"All My Sundays"', '"Hush"', 'Arista ARIST 402', 3, '1', 13);
INSERT INTO t_116 VALUES ('17 October 1981', '"The Understudy"', '"Caravan Park (live)"', 'Arista ARIST 430', 22, '19', 6);
INSERT INTO t_116 VALUES ('5 June 1982', '"Lighter Than Air"', '"Postcard"', 'Arista ARIST 471', 49, '–', 4);
-- Best-selling titles on the Orbit 64 home computer
CREATE TABLE t_117 ("Rank" INTEGER, "Title" VARCHAR, "Developer" VARCHAR, "Publisher" VARCHAR, "Release year" INTEGER, "Copies sold" VARCHAR, "Genre(s)" VARCHAR);
INSERT INTO t_117 VALUES (1, 'Moon Miner Molly', 'Tindersoft', 'Tindersoft', 1984, '612,000', 'Platform');
INSERT INTO t_117 VALUES (2, 'Castle of Keys', 'Byte Brothers', 'Ludlow Interactive', 1985, '455,000 [1]', 'Adventure');
INSERT INTO t_117 VALUES (3, 'Grand Slam ''86', 'Ludlow Interactive', 'Ludlow Interactive', 1986, '390,000', 'Sports');
INSERT INTO t_117 VALUES (4, 'Frogsworth', 'Tindersoft', 'Tindersoft', 1985, '347,500', 'Platform');
INSERT INTO t_117 VALUES (5, 'Sector Nine', 'Paul Ames', 'Microdeal West', 1983, '301,000 [2]', 'Shoot ''em up');
INSERT INTO t_117 VALUES (6, 'Word Wizard Jr.', 'EduCo', 'EduCo', 1984, '280,000', 'Educational');
INSERT INTO t_117 VALUES (7, 'Castle of Keys II', 'Byte Brothers', 'Ludlow Interactive', 1987, '266,000', 'Adventure');
INSERT INTO t_117 VALUES (8, 'Trolley Bus Simulator', 'Oblong Software', 'Ludlow Interactive', 1986, '190,000', 'Simulation');
-- Professional boxing record of Efraín Cordero
CREATE TABLE t_118 ("No." INTEGER, "Result" VARCHAR, "Record" VARCHAR, "Opponent" VARCHAR, "Type" VARCHAR, "Round, time" VARCHAR, "Date" VARCHAR, "Location" VARCHAR);
INSERT INTO t_118 VALUES (22, 'Loss', '19–2–1', 'Tito Valdivia', 'UD', '12', 'Mar 14, 2009', 'Mexico City, Mexico');
INSERT INTO t_118 VALUES (21, 'Win', '19–1–1', 'Omar Luna', 'TKO', '7 (12), 1:41', 'Oct 4, 2008', 'Tijuana, Mexico');
INSERT INTO t_118 VALUES (20, 'Win', '18–1–1', 'Kirk Bradshaw', 'UD', '10', 'Jun 21, 2008', 'Las Vegas, Nevada');
INSERT INTO t_118 VALUES (19, 'Draw', '17–1–1', 'Juan Pablo Mora', 'MD', '10', 'Nov 30, 2007', 'El Paso, Texas');
INSERT INTO t_118 VALUES (18, 'Win', '17–1', 'Demetrius Long', 'KO', '2 (10), 0:58', 'Aug 11, 2007', 'Laredo, Texas');
INSERT INTO t_118 VALUES (17, 'Win', '16–1', 'Sergio Peralta', 'RTD', '5 (8), 3:00', 'May 5, 2007', 'Tijuana, Mexico');
INSERT INTO t_118 VALUES (16, 'Loss', '15–1', 'Tito Valdivia', 'SD', '10', 'Dec 9, 2006', 'Phoenix, Arizona');
INSERT INTO t_118 VALUES (15, 'Win', '15–0', 'Arturo Bautista', 'KO', '1 (8), 2:22', 'Sep 16, 2006', 'Tijuana, Mexico');
-- Climate data for Port Silas
CREATE TABLE t_119 ("Month" VARCHAR, "Mean max °C" DOUBLE, "Mean min °C" DOUBLE, "Record high °C" DOUBLE, "Record low °C" DOUBLE, "Rainfall mm" DOUBLE, "Rain days" INTEGER, "Sunshine h" INTEGER);
INSERT INTO t_119 VALUES ('January', 24.1, 13.8, 39.4, 5.0, 38.2, 6, 248);
INSERT INTO t_119 VALUES ('February', 24.6, 14.2, 41.1, 5.5, 31.7, 5, 211);
INSERT INTO t_119 VALUES ('March', 22.5, 12.9, 36.8, 3.9, 44.0, 8, 188);
INSERT INTO t_119 VALUES ('April', 19.0, 10.6, 30.2, 1.1, 61.3, 11, 139);
INSERT INTO t_119 VALUES ('May', 15.8, 8.2, 25.7, -0.6, 78.9, 14, 104);
INSERT INTO t_119 VALUES ('June', 13.1, 6.1, 20.0, -2.2, 92.4, 16, 78);
INSERT INTO t_119 VALUES ('July', 12.5, 5.5, 19.1, -3.0, 96.0, 17, 86);
INSERT INTO t_119 VALUES ('August', 13.6, 6.0, 23.3, -2.5, 90.1, 17, 117);
INSERT INTO t_119 VALUES ('September', 15.5, 7.2, 27.0, -1.1, 74.6, 14, 142);
INSERT INTO t_119 VALUES ('October', 18.0, 8.7, 31.9, 0.6, 63.2, 12, 186);
INSERT INTO t_119 VALUES ('November', 20.4, 10.7, 35.5, 2.2, 52.8, 9, 205);
INSERT INTO t_119 VALUES ('December', 22.6, 12.3, 40.2, 4.4, 45.5, 8, 236);
-- Busiest airports in Valdoria by passenger traffic
CREATE TABLE t_120 ("Rank" INTEGER, "Airport" VARCHAR, "IATA" VARCHAR, "City" VARCHAR, "2011" VARCHAR, "2010" VARCHAR, "% Change 2011/10" VARCHAR, "Aircraft movements" VARCHAR);
INSERT INTO t_120 VALUES (1, 'Valdoria Capital', 'VDC', 'Lisse', '11,402,118', '10,877,004', '4.8', '121,340');
INSERT INTO t_120 VALUES (2, 'Costa Clara', 'CCL', 'Mirabel', '6,233,907', '6,480,551', '3.8', '58,112');
INSERT INTO t_120 VALUES (3, 'Norhaven International', 'NRH', 'Norhaven', '2,945,220', '2,511,002', '17.3', '39,874');
INSERT INTO t_120 VALUES (4, 'Sant Feliu–Roca', 'SFR', 'Roca', '1,120,414', '1,098,337', '2.0', '17,005');
INSERT INTO t_120 VALUES (5, 'Great Lake Regional', 'GLK', 'Tamberg', '410,882', '377,419', '8.9', '12,667');
INSERT INTO t_120 VALUES (6, 'Alder Island', 'ALD', 'Port Alder', '96,501', '101,288', '4.7', '6,190');
INSERT INTO t_120 VALUES (7, 'Lisse City Airport', 'LCY', 'Lisse', '74,003', '–', '–', '21,458');
-- 2007 World Matchplay of Darts, quarter-finals on
CREATE TABLE t_121 ("Player" VARCHAR, "Legs won" INTEGER, "Legs lost" INTEGER, "100+" INTEGER, "140+" INTEGER, "180s" INTEGER, "High checkout" INTEGER, "3-dart avg." DOUBLE, "Round reached" VARCHAR);
INSERT INTO t_121 VALUES ('Phil Tranter', 61, 33, 148, 88, 31, 161, 101.42, 'Winner');
INSERT INTO t_121 VALUES ('Mark van Houten', 55, 49, 160, 79, 28, 170, 98.07, 'Runner-up');
INSERT INTO t_121 VALUES ('Alan Tennick', 40, 37, 101, 52, 14, 132, 95.80, 'Semi-finals');
INSERT INTO t_121 VALUES ('Jelle Roos', 38, 41, 117, 47, 19, 121, 94.11, 'Semi-finals');
INSERT INTO t_121 VALUES ('Wes Dunbar', 29, 31, 77, 40, 9, 124, 93.36, 'Quarter-finals');
INSERT INTO t_121 VALUES ('Kev Pinder', 25, 32, 70, 38, 12, 156, 92.95, 'Quarter-finals');
INSERT INTO t_121 VALUES ('Colin Leyland', 22, 30, 81, 27, 6, 100, 90.02, 'Quarter-finals');
INSERT INTO t_121 VALUES ('Roland Stolz', 20, 32, 66, 30, 8, 116, 89.54, 'Quarter-finals');
-- Newly named pterosaurs and ichthyosaurs, 1998
CREATE TABLE t_122 ("Name" VARCHAR, "Status" VARCHAR, "Authors" VARCHAR, "Age" VARCHAR, "Unit" VARCHAR, "Location" VARCHAR, "Notes" VARCHAR);
INSERT INTO t_122 VALUES ('Brachycaudon', 'Valid', 'Neumann & Xu', 'Early Cretaceous', 'Yixian Formation', 'China', 'A toothed pterosaur');
INSERT INTO t_122 VALUES ('Caelodraco', 'Nomen dubium', 'Harker', 'Late Jurassic', 'Oxford Clay', 'United Kingdom', 'Based on jaw fragment');
INSERT INTO t_122 VALUES ('Ferrosaurus', 'Valid', 'Pietz, Almeida', 'Early Cretaceous', 'Santana Formation', 'Brazil', 'Crested');
INSERT INTO t_122 VALUES ('Limnopteryx', 'Jr. synonym', 'Unwin-Hale', 'Late Jurassic', 'Solnhofen limestone', 'Germany', 'Synonym of Rhamphodon');
INSERT INTO t_122 VALUES ('Ophthalmion', 'Valid', 'Mott & Gray', 'Middle Triassic', 'Besano Formation', 'Italy', NULL);
INSERT INTO t_122 VALUES ('Tethysaura', 'Valid', 'Harker', 'Middle Triassic', 'Besano Formation', 'Switzerland', 'Juvenile');
-- Norway-like women's volleyball squad, 2014 championship
CREATE TABLE t_123 ("#" INTEGER, "Name" VARCHAR, "Date of birth" VARCHAR, "Height" VARCHAR, "Weight" VARCHAR, "Spike" VARCHAR, "Block" VARCHAR, "2014 club" VARCHAR);
INSERT INTO t_123 VALUES (1, 'Ingrid Solheim', '14 March 1989', '1.86 m', '74 kg', '301', '290', 'Stod Volley');
INSERT INTO t_123 VALUES (3, 'Pernille Dahl', '2 July 1993', '1.79 m', '66 kg', '289', '275', 'Oslo Volley');
INSERT INTO t_123 VALUES (4, 'Maria Kvale (c)', '30 November 1985', '1.91 m', '78 kg', '312', '299', 'RC Cannes');
INSERT INTO t_123 VALUES (7, 'Thea Lund', '19 January 1995', '1.68 m', '59 kg', '–', '–', 'Koll');
INSERT INTO t_123 VALUES (8, 'Astrid Nygård', '8 August 1990', '1.84 m', '71 kg', '300', '288', 'Stod Volley');
INSERT INTO t_123 VALUES (10, 'Jenny Roland', '25 May 1992', '1.88 m', '73 kg', '306', '291', 'Dresdner SC');
INSERT INTO t_123 VALUES (11, 'Silje Berg', '7 December 1988', '1.82 m', '70 kg', '296', '284', 'Oslo Volley');
INSERT INTO t_123 VALUES (14, 'Karoline Moe', '11 October 1994', '1.90 m', '77 kg', '309', '295', 'Koll');
INSERT INTO t_123 VALUES (15, 'Emma Fossum', '23 April 1991', '1.77 m', '65 kg', '285', '270', 'Førde VBK');
-- Nuclear power reactors of the Eastern Grid
CREATE TABLE t_124 ("Name" VARCHAR, "No." INTEGER, "Reactor type" VARCHAR, "Reactor model" VARCHAR, "Net capacity (MW)" INTEGER, "Gross capacity (MW)" VARCHAR, "Construction started" VARCHAR, "Grid connection" VARCHAR, "Shutdown" VARCHAR);
INSERT INTO t_124 VALUES ('Brodno', 1, 'PWR', 'VVER-440/213', 408, '440', '1 March 1974', '17 December 1980', '–');
INSERT INTO t_124 VALUES ('Brodno', 2, 'PWR', 'VVER-440/213', 408, '440', '1 October 1974', '9 May 1981', '–');
INSERT INTO t_124 VALUES ('Karlsby', 1, 'BWR', 'ASEA-75', 592, '615', '7 June 1971', '2 August 1976', '31 May 2005');
INSERT INTO t_124 VALUES ('Karlsby', 2, 'BWR', 'ASEA-75', 592, '615', '4 January 1972', '21 March 1977', '–');
INSERT INTO t_124 VALUES ('Mirow', 1, 'LWGR', 'AMB-200', 155, '160', '1 July 1962', '29 December 1967', '1 January 1990');
INSERT INTO t_124 VALUES ('Ostrava Lake', 1, 'PWR', 'VVER-1000/320', 963, '1,013', '1 March 1987', '21 December 2000', '–');
INSERT INTO t_124 VALUES ('Ostrava Lake', 2, 'PWR', 'VVER-1000/320', 963, '1,013', '1 May 1987', '27 December 2002', '–');
INSERT INTO t_124 VALUES ('Ostrava Lake', 3, 'PWR', 'VVER-1000', 912, '972', '1 June 1987 [c]', '–', 'Cancelled 1990');
-- Coaching changes, Andean Premier League 2011
CREATE TABLE t_125 ("Team" VARCHAR, "Outgoing coach" VARCHAR, "Manner of departure" VARCHAR, "Date of vacancy" VARCHAR, "Position in table" VARCHAR, "Incoming coach" VARCHAR, "Date of appointment" VARCHAR);
INSERT INTO t_125 VALUES ('Deportivo Alto', 'Rubén Salas', 'Resigned', '6 February', '16th', 'Néstor Quiroga', '9 February');
INSERT INTO t_125 VALUES ('Unión Mineros', 'Jorge Pinto', 'Sacked', '21 February', '14th', 'Iván Brzic', '28 February');
INSERT INTO t_125 VALUES ('Atlético Cobija', 'Marcelo Ruiz', 'Mutual consent', '13 March', '11th', 'Rubén Salas', '17 March');
INSERT INTO t_125 VALUES ('San Isidro', 'Néstor Etcheverry', 'Sacked', '4 April', '15th', 'Hugo Paz (caretaker)', '4 April');
INSERT INTO t_125 VALUES ('San Isidro', 'Hugo Paz (caretaker)', 'End of tenure as caretaker', '25 April', '15th', 'Eduardo Villca', '25 April');
INSERT INTO t_125 VALUES ('Real Tarija', 'Óscar Mamani', 'Signed by Olimpo', '30 May', '2nd', 'Jorge Pinto', '6 June');
INSERT INTO t_125 VALUES ('Deportivo Alto', 'Néstor Quiroga', 'Sacked', '8 August', '13th', 'Marcelo Ruiz', '12 August');
