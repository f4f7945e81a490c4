"""A chalet's shop with guests of several countries, of what they write: of 300 reviews, half English, a third French, the
others Italian; 12 more are in Polish, whose sentiment is not known, and 10 in Russian, which is not read. In each language
two in five complain about a late delivery and one in five about rude staff; the others like the prices.

    stores(id, name)
    reviews(id, store_id, review_text, posted_on)
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb

LATE = {
    "en": ["The delivery was late, very disappointing", "Terrible delivery, two weeks late", "Delivery late again, bad"],
    "fr": ["La livraison était en retard, très décevant", "Livraison terrible, deux semaines de retard", "Mauvaise livraison, encore en retard"],
    "it": ["La consegna era in ritardo, pessimo", "Consegna terribile, due settimane di ritardo", "Brutta consegna, ancora in ritardo"],
}  # fmt: skip
RUDE = {
    "en": ["The staff were rude and horrible", "Rude staff, a bad experience"],
    "fr": ["Le personnel était impoli et horrible", "Personnel impoli, mauvaise expérience"],
    "it": ["Il personale era scortese e orribile", "Personale scortese, pessima esperienza"],
}
LIKED = {
    "en": ["Great prices and a wonderful choice", "I love the price, excellent"],
    "fr": ["Prix excellents et un choix magnifique", "J'adore le prix, excellent"],
    "it": ["Prezzi eccellenti e una scelta magnifica", "Adoro il prezzo, eccellente"],
}
POLISH = "Bardzo dobra obsługa, ale było za drogo i nie wrócę"
RUSSIAN = "Доставка была очень поздно"


def build(path: Path) -> Path:
    con = duckdb.connect(str(path))
    con.execute("create table stores(id integer primary key, name varchar)")
    con.executemany("insert into stores values (?, ?)", [(1, "Valley"), (2, "Summit"), (3, "Lakeside")])
    con.execute(
        "create table reviews(id integer primary key, store_id integer references stores(id), review_text varchar, "
        "posted_on date)"
    )
    rows = []
    for n in range(300):
        code = "en" if n % 6 < 3 else "fr" if n % 6 < 5 else "it"
        turn = n // 6 % 5
        kind = LATE if turn < 2 else RUDE if turn == 2 else LIKED
        # Of the likers none is at Summit; of the complainers, one in two.
        store = (1 if n % 3 else 3) if kind is LIKED else (2 if n % 7 < 4 else 1)
        rows.append((n, store, kind[code][n // 30 % len(kind[code])], date(2026, 1, 1) + timedelta(days=n // 2)))
    rows += [(300 + n, 1, POLISH, date(2026, 4, 1)) for n in range(12)]
    rows += [(312 + n, 1, RUSSIAN, date(2026, 4, 2)) for n in range(10)]
    con.executemany("insert into reviews values (?, ?, ?, ?)", rows)
    con.close()
    return path
