"""Single tables as people copy them from web pages: headers with units, years and marks, texts with numbers in them,
nothing described.

    fixtures      the season of one club: its own name is nowhere in it
    observatories with columns that are years, and money in millions
    episodes      of a series
    standings     of a league, with "Goals+" and "Goals–"
    heat          a swimming heat: times as texts, one of them missing
    cargo         what an upload of a business looks like
"""

from __future__ import annotations

from pathlib import Path

import duckdb

TABLES: dict[str, str] = {
    "fixtures": """
Game|Date|Opponent|Score|Crowd|Record|Most saves|Location (venue)
1|March 4|Harlow Otters|4–1|8,120|1-0|Ilse Brandt (12)|Mill Lane
2|March 11|@ Tarn Vale|2–2|3,455|1-0-1|Ilse Brandt (7)|Tarn Dome
3|March 19|Quill Rovers|0–3|7,902|1-1-1|Noor Patel (15)|Mill Lane
4|April 2|@ Harlow Otters|5–2 (9)|6,310|2-1-1|Noor Patel (9)|Otter Field
5|April 9|Saint Briac|1–1|9,004|2-1-2|Ilse Brandt (11)|Mill Lane
6|April 16|@ Quill Rovers|3–0|4,871|3-1-2|Dana Wolff (8)|Quill Park""",
    "observatories": """
Observatory|Country|Altitude (m)|Mirror (m)|First light|Architect|Cost ($ millions)|2021|2022|2023
Cerro Alto|Chile|2,635|8.2|1998|Ruth Amsel|350.5|41,200|52,310|60,004
Pic Gris|France|2,877|2.0|1980|Jean Laval|12.4|88,120|91,455|93,870
Mauna Lea|United States|4,205|10.0|1993|Ruth Amsel|94.0|12,008|15,660|18,215
La Sombra|Spain|2,396|10.4|2007|Inés Cano|130.0|30,750|29,480|33,900
Koko Ridge|Japan|1,210|1.5|1960|Taro Endo|3.1|5,020|7,115|7,300
Dome Fuji|Japan|3,810|0.4|2011||6.0||0|0""",
    "episodes": """
No. overall|No. in season|Title|Directed by|Written by|Original air date|Viewers (millions)|Prod. code
14|1|"The Long Tide"|Mara Quist|Sol Abend|September 8, 2014|5.12|2ABC01
15|2|"Salt"|Otto Lind|Wren Hale & Kit Moss|September 15, 2014|4.87|2ABC02
16|3|"Harbour Lights"|Mara Quist|Kit Moss|September 22, 2014|4.91|2ABC04
17|4|"A Cold Net"|Jun Ito|Sol Abend|September 29, 2014|4.40|2ABC03
18|5|"Undertow"|Otto Lind|Wren Hale|October 6, 2014|4.66|2ABC05
19|6|"Landfall"|Mara Quist|Sol Abend|October 13, 2014|6.02|2ABC06""",
    "standings": """
Pos|Club|P|Won|Drawn|Lost|Goals+|Goals–|Diff|Pts|Avg. crowd
1|Alder Town|14|10|2|2|31|12|+19|32|4,210
2|Birchfield|14|9|3|2|28|15|+13|30|3,902
3|Cedar City|14|7|4|3|22|18|+4|25|5,118
4|Dogwood|14|5|4|5|19|19|0|19|2,660
5|Elmham|14|4|2|8|15|26|-11|14|1,985
6|Firbank United|14|0|3|11|8|33|-25|3|2,040""",
    "heat": """
Rank|Lane|Name|Nationality|Time|Reaction (s)|Notes
1|4|Petra Novak|Czech Republic|2:06.41|0.68|Q
2|5|Li Wen|China|2:07.02|0.71|Q
3|3|Ana Sousa|Portugal|2:08.55|0.66|Q
4|6|Kim Holm|Denmark|2:09.13|0.74|q
5|2|Joy Okafor|Nigeria|2:11.90|0.70|
|7|Eva Ruiz|Spain||0.69|DNS""",
    "cargo": """
Shipment ID|Customer|Origin|Destination|Shipped on|Weight (kg)|Freight charge|Status
S-1001|Polar Foods|Oslo|Hamburg|2024-01-05|1200|$1,450.00|Delivered
S-1002|Brightline|Oslo|Antwerp|2024-01-19|860|$990.50|Delivered
S-1003|Polar Foods|Bergen|Hamburg|2024-02-02|2400|$2,610.00|Delayed
S-1004|Vesta Glass|Gdansk|Oslo|2024-02-14|310|$420.00|Delivered
S-1005|Brightline|Bergen|Antwerp|2024-03-03|1980|$2,050.00|In transit
S-1006|Polar Foods|Oslo|Gdansk|2024-03-21|640|$700.00|In transit
S-1007|Vesta Glass|Gdansk|Hamburg|2024-04-11|505|$610.25|Lost""",
}


def build(path: Path) -> Path:
    con = duckdb.connect(str(path))
    for name, text in TABLES.items():
        source = path.parent / f"{name}.csv"
        source.write_text(text.strip() + "\n", encoding="utf-8")
        con.execute(f"create table {name} as from read_csv('{source}', delim = '|', quote = '', nullstr = '')")
    con.close()
    return path
