"""What a reading of a question costs: one weight for each thing that speaks against it. A perfect one costs nothing;
one that costs as much as LIMIT is as likely wrong as right."""

from __future__ import annotations

LIMIT = 1.0
NEVER = 9.0

# --- words that a reading leaves unread
NAME_LEFT, NUMBER_LEFT = 1.1, 1.1
NOUN_LEFT, VERB_LEFT, DEED_LEFT = 0.35, 0.4, 0.2
RESTRICTS = 0.35
"""A noun after "for" or "from"."""
HEADER_LEFT = 0.3
"""A little word that is a column's whole name."""
GROUP_LEFT = 1.1
ROW_LEFT = 0.08
"""A noun for what the rows are ("player", "episode"), where no column is called so."""

# --- values
BARE = 0.06
"""A cell that is said without its marks."""
COMMON = 0.5
"""A cell that is a little word."""
LETTER = 0.3
PLAIN_WORD = 0.12
"""A cell that is an English word, said like any other."""
NO_YEAR = 0.05
PART, PART_PLAIN = 0.25, 0.5
MISSPELT = 0.35

# --- values and their columns
ALONE = 0.1
"""A cell that is said of no column."""
ALONE_NUMBER = 0.45
ALONE_AGAIN = 0.12
"""For each other column that holds it too."""
ELSEWHERE = 0.3
"""A cell that is said of another column than its own."""
NOT_HELD = 0.12
"""A number that no cell of its column is."""
TEXT_BOUND = 0.12
NUMBER_OF_TEXT = 0.3
TEXT_OF_NUMBER = 0.9
OTHER_KIND = 0.7
UNKNOWN = 0.3
"""A value that no cell is, said of a column."""
UNKNOWN_SAID = 0.15
"""... in so many words: "with a rank of 17th"."""
UNKNOWN_BEFORE = 0.4
UNKNOWN_ALONE = 0.7
SUBJECT = 0.5
"""A name of what the whole table is about: whose opponents are listed."""
HOLDS_HEADER = 0.3
UNNAMED = 0.25
"""... and that sounds like no name."""
LITTLE_WORD = 0.12
OVER_BREAK = 0.25
UNNAMED_SAID = 0.06
HOLDS_CELL = 0.4
"""... and that holds a cell."""
OF_ASKED = 0.4
"""... of what is asked: "the average number of bronze of Hungary"."""
NOT_PERCENT = 0.3
VALUE_FIRST = 0.03
"""A value before its column."""
LINK = 0.015
VERB = 0.05
PLACED = 0.15
"""... after "in", "on" or "at"."""
GAP = 0.12
PAUSE = 0.08
SURE = 0.5
"""A column's name that is not sure: so much for the part of it that is missing."""

# --- what is asked
NOT_ASKED = 0.3
"""A column that is said and neither asked nor said of a value."""
FAR = 0.05
UNANCHORED = 0.3
ANCHORED = 0.12
ASKS_ELSE = 0.3
"""Another noun stands where what is asked is said."""
OWNER = 0.3
"""A column before an apostrophe: "the Cowboys' record"."""
IMPLIED = 0.35
SAME_AGAIN = 0.6
UNUSED = 0.4
"""A superlative or an aggregate that is about nothing."""
NOBODY = 0.3
"""Who: a number."""
NO_CONDITION = 0.3
"""All rows, of a question that has words left."""
ODD = 0.4
"""An average of words."""
