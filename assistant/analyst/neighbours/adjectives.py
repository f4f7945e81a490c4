"""Stored values said as adjectives and as rates: "active retail merchants", "the success rate"."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from assistant.analyst.item import Item, rows_of
from assistant.analyst.reduce.reads import Cond, MeasureRead, share_counted
from assistant.analyst.schema import Schema
from knowledge.profile.sayings import deeds
from knowledge.request import Aggregate, Arithmetic, Compare, Condition
from knowledge.values import ValueMention
from knowledge.words import abbreviates, lemma

_STEM = 5
"""Letters that a word and a value must begin with alike."""
_CODES, _SHORT, _INITIALS = 12, 4, 2
"""How many codes a field may have, and of how many letters, for words to be told by them."""


def adjectives(items: list[Item], schema: Schema) -> list[Item]:
    """Values just before a noun, as values of that noun's rows wherever these have such ones."""
    made = list(items)
    for n in range(len(items) - 1, 0, -1):
        person = made[n].dataset if made[n].code == "m" else None
        if person and schema.is_person(person):
            _not_of_people(made, n, schema, person)
        if made[n].code != "d":
            continue
        if schema.is_person(str(made[n].data)):
            _not_of_people(made, n, schema, str(made[n].data))
        at = n - 1
        while at >= 0 and not made[at + 1].before and made[at].code in "v.":
            if made[at].code == "." and (alike := _like(made[at], str(made[n].data), schema)):
                made[at] = replace(made[at], code="v", data=(alike,), score=alike.score)
            if made[at].code != "v":
                break
            own = tuple(m for m in made[at].data if schema.owner(m.field) == made[n].data)
            made[at] = replace(made[at], data=own) if own else made[at]
            at -= 1
    return made


def _not_of_people(items: list[Item], n: int, schema: Schema, people: str) -> None:
    """ "male shoppers" are not shoppers of what has "male" in its name: unread, where nothing says it of people."""
    at = n - 1
    while at >= 0 and not items[at + 1].before and items[at].code in "vV&":
        mentions = items[at].data if items[at].code == "v" else ()
        theirs = any(m.kind != "part" or schema.belongs_to(people, schema.owner(m.field)) for m in mentions)
        if mentions and not theirs:
            items[at] = replace(items[at], code=".", data=items[at].text, score=0.0)
        at -= 1


def _like(item: Item, dataset: str, schema: Schema) -> ValueMention | None:
    """The value of one of the dataset's kinds that a word is made from, or the other way round: promotional,
    promotion."""
    word = item.text.lower()
    for field in schema.model.dataset(dataset).fields:
        if field.role != "category" or field.type != "text":
            continue
        for sample in field.samples:
            value = str(sample).lower()
            same = lemma(value) == lemma(word) or deeds().get(word) == value  # "the win rate" of what was won
            alike = next(
                (n for n, (a, b) in enumerate(zip(word, value, strict=False)) if a != b), min(len(word), len(value))
            )
            if same or (" " not in value and alike >= max(_STEM, min(len(word), len(value)) - 3)):
                return ValueMention(
                    item.start, item.end, item.text, f"{dataset}.{field.name}", sample, 0.85, "inflected"
                )
    return None


def doers(items: list[Item], schema: Schema) -> list[Item]:
    """ "who rent their home", where some are kept as renters: those who are said to do it."""
    made: list[Item] = []
    for item in items:
        word = lemma(item.text.lower())
        unknown = item.code == "." or (item.code == "j" and not item.options)
        things = [i.dataset for i in items if i.code in "dm"] if unknown else []
        people = [d for d in things if d and schema.is_person(d)]
        done = {f"{word}er", f"{word}r", f"{word}or"}
        found = next((v for d in people if (v := value_of(d, frozenset(done), item, schema))), None)
        made.append(replace(item, code="v", data=(found,), score=0.85) if found else item)
    return made


def coded(items: list[Item], schema: Schema) -> list[Item]:
    """ "still active", "group lessons", where ACT and GRP are among the codes of what is asked about."""
    made: list[Item] = []
    things = [i.dataset for i in items if i.code in "dm"]
    for item in items:
        unknown = item.code == "." and len(item.text) > _SHORT
        codes = [c for d in dict.fromkeys(things) if d and unknown for c in _codes(d, item.text, schema)]
        if len(codes) == 1:
            field, value = codes[0]
            mention = ValueMention(item.start, item.end, item.text, field, value, 0.8, "inflected")
            item = replace(item, code="v", data=(mention,), score=0.8)
        made.append(item)
    return made


def _codes(dataset: str, word: str, schema: Schema) -> list[tuple[str, str]]:
    """The codes of a dataset's fields that are short for a word, and for which no other of the field is."""
    entry, found = schema.model.dataset(dataset), []
    said = {word.lower(), lemma(word.lower())}
    for field in entry.fields:
        values = [str(s) for s in field.samples]
        short = field.role in ("code", "category") and field.type == "text" and len(values) <= _CODES
        if not short or entry.has(f"{field.name}_said"):  # something else says what its codes mean
            continue
        codes = [v for v in values if v.isupper() and len(v) <= _SHORT]
        alike = [v for v in codes if any(_is_short_for(v.lower(), w) for w in said)]
        found += [(f"{dataset}.{field.name}", v) for v in alike if len(alike) == 1]
    return found


def _is_short_for(code: str, word: str) -> bool:
    """Its first letters, its consonants, or some of these with the first and the last: pvt, private."""
    bones = [c for c in word if c not in "aeiou"]
    ends = len(code) > _INITIALS and code[0] == word[0] and code[-1] == bones[-1:][0] if bones else False
    letters = iter(word)
    return abbreviates(code, word) > 0 or (ends and all(letter in letters for letter in code))


def known_people(items: list[Item], schema: Schema) -> list[Item]:
    """ "registered customers" are customers: they have registered, whatever the day."""
    made: list[Item] = []
    for item in items:
        made.append(item)
        before = made[-2] if len(made) > 1 else None
        if before is None or item.code != "d" or item.before or before.code != "f":
            continue
        time = schema.is_time(str(before.data)) and schema.owner(str(before.data)) == item.data
        if time and before.text.lower().endswith("ed") and schema.is_person(str(item.data)):
            made.pop(-2)
    return made


def value_of(dataset: str, words: frozenset[str], item: Item, schema: Schema) -> ValueMention | None:
    """The value of one of the dataset's kinds that is one of the words."""
    for field in schema.model.dataset(dataset).fields:
        stored = next((s for s in field.samples if str(s).lower() in words), None) if field.role == "category" else None
        if stored is not None:
            return ValueMention(item.start, item.end, item.text, f"{dataset}.{field.name}", stored, 0.9, "fact")
    return None


def newcomers(items: list[Item], schema: Schema) -> list[Item]:
    """ "new customers per month": those who came in it, where it is known when each of them came."""
    made: list[Item] = []
    for n, item in enumerate(items):
        after = items[n + 1] if n + 1 < len(items) else None
        known = after is not None and after.code == "d" and not after.before
        dated = known and after is not None and _comes(after, items, schema)
        other = item.code in ".j" or (
            item.code == "f" and after is not None and schema.owner(str(item.data)) != after.data
        )
        elsewhere = (
            item.code == "v" and after is not None and all(schema.owner(m.field) != after.data for m in item.data)
        )
        if item.text.lower() == "new" and dated and (other or elsewhere):
            continue
        made.append(item)
    return made


def _comes(noun: Item, items: list[Item], schema: Schema) -> bool:
    """It is known when each came: people; else what is opened, begun or signed, in a period that is told."""
    time = schema.time_of(str(noun.data))
    if schema.is_person(str(noun.data)):
        return schema.model.dataset(str(noun.data)).default_time is not None
    begun = time is not None and schema.owner(time) == noun.data and bool(schema.forms_of(time) & _BEGUN)
    return begun and any(i.code in "wgx" for i in items)


_BEGUN = frozenset(
    ["open", "opened", "create", "created", "start", "started", "begin", "began", "sign", "signed", "filed"]
)


def quoted_after_texts(items: list[Item], _: Schema) -> list[Item]:
    """ "starts with J": whatever follows is a piece of text, known or not."""
    made = list(items)
    for n in range(1, len(items)):
        if items[n - 1].code == "p" and items[n].code == "." and not items[n].before:
            made[n] = replace(items[n], code="v", data=(), score=0.9)
    return made


def with_some_of_it(items: list[Item], schema: Schema) -> list[Item]:
    """ "discounted subscriptions": those with a discount."""
    for n, item in enumerate(items):
        first, _, rest = item.text.lower().partition(" ")
        if item.code != "f" or not first.endswith("ed") or not rest or not schema.is_number(str(item.data)):
            continue
        owner = schema.owner(str(item.data))
        if schema.noun(owner) & {lemma(rest)} and lemma(first) in schema.noun_of(str(item.data)):
            some = Cond(((str(item.data), Compare(field=str(item.data), op=">", value=0)),), text=first)
            rows = rows_of(owner, item.start + 1, item.end, rest, 0.95)
            made = replace(item, code="C", end=item.start + 1, text=first, data=some, options=())
            return [*items[:n], made, rows, *items[n + 1 :]]
    return items


def kinds_of_people(items: list[Item], schema: Schema) -> list[Item]:
    """ "admins per account", with no figure named: how many of the rows are called so."""
    for n in range(1, len(items) - 1):
        kind, mark, whose = items[n - 1], items[n], items[n + 1]
        if kind.code != "v" or mark.code != "y" or whose.code not in "df" or not kind.data or len(items) > n + 3:
            continue
        owner = schema.owner(kind.data[0].field)
        above = str(whose.data) if whose.code == "d" else schema.owner(str(whose.data))
        many = kind.text.lower().endswith("s") and lemma(kind.text.lower()) != kind.text.lower()
        if many and schema.is_person(owner) and above != owner and schema.belongs_to(owner, above):
            if any(i.code in "dmMf" for i in items[: n - 1]):
                return items
            rows = rows_of(owner, kind.end, kind.end, owner)
            return [*items[:n], rows, *items[n:]]
    return items


def rated(items: list[Item], schema: Schema) -> list[Item]:
    """ "the success rate", "cancellation rate", "no-show rate": how many of the rows have the value, in percent."""
    made: list[Item] = []
    items = _converted(_attendance(_returns(items, schema), schema), schema)
    for item in items:
        left = made[-1] if made else None
        said = item.text.lower() in ("rate", "rates") and not item.before
        outcome = left is not None and left.code == "v" and item.code == "f" and _is_outcome(left, item, schema)
        rate = said and (item.code == "j" or (item.code in ".fm" and item.score < 0.95) or outcome)
        noun = left is not None and left.code == "f" and left.text.lower() in deeds() and not left.before
        noun = noun or (
            left is not None and left.code == "f" and left.score < 0.9 and not schema.is_number(str(left.data))
        )
        if rate and left is not None and (left.code in ".j" or noun):  # "cancellation rate", of what is cancelled
            found = (_like(left, name, schema) for name in schema.facts())
            like = next((m for m in found if m is not None), None)
            left = replace(left, code="v", data=(like,), score=0.85) if like else left
        if (
            rate
            and left is not None
            and len(made) > 1
            and left.code in "dfj."
            and made[-2].code == "C"
            and not left.before
        ):
            left = replace(made[-2], end=left.end, text=f"{made[-2].text} {left.text}")  # "on-time delivery rate"
            made[-2:] = [left]
        if rate and left is not None and left.code == "d" and not left.before.endswith(_APART):
            whole = _what_befell(str(left.data), schema)
            if whole is not None:
                counts = [Aggregate(agg="count", dataset=d) for d in (str(left.data), whole)]
                read = MeasureRead(Arithmetic(op="percent", left=counts[0], right=counts[1]), (str(left.data), whole))
                made[-1] = Item("M", left.start, item.end, f"{left.text} rate", read, before=left.before)
                continue
        condition = _condition(left, schema) if rate and left is not None else None
        if condition is None or left is None:
            made.append(_of_what(item, left, schema) if rate else item)
            continue
        reference, wanted = condition
        owner = _told_of(reference, schema)
        dated = isinstance(wanted, Compare) and wanted.field_value is not None  # of those that are done
        told = left.code == "v" and "." in reference and schema.field(reference).nulls > 0  # of those that are decided
        known: list[Condition] = [Compare(field=reference, op="not_null")] if dated or told else []
        if len(made) > 1 and made[-2].code == "d" and made[-2].data == owner and not left.before:
            made.pop(-2)  # "transaction success rate"
        share = share_counted(owner, wanted, known)
        made[-1] = Item("M", left.start, item.end, f"{left.text} rate", share, before=left.before)
    return made


def _is_outcome(left: Item, rate: Item, schema: Schema) -> bool:
    """ "win rate", where hours have a rate, too: how matters ended says nothing of these."""
    fields = [m.field for m in left.data]
    ends = [f for f in fields if schema.noun_of(f) & {"outcome", "result", "status", "stage", "state"}]
    return bool(ends) and all(schema.owner(f) != schema.owner(str(rate.data)) for f in fields)


def _returns(items: list[Item], schema: Schema) -> list[Item]:
    """ "return rate" is no order to return something, where returns are kept."""
    for n, (word, rate) in enumerate(pairwise(items)):
        if word.code == "l" and word.text.lower() == "return" and rate.text.lower() in _RATES and not rate.before:
            kept = [d.name for d in schema.model.datasets if "return" in schema.noun(d.name)]
            if len(kept) == 1:
                rows = rows_of(kept[0], word.start, word.end, word.text)
                return [*items[:n], replace(rows, before=word.before), *items[n + 1 :]]
    return items


def _converted(items: list[Item], schema: Schema) -> list[Item]:
    """ "lead conversion rate", "closing ratio by rep": of the leads, those that became what was hoped for."""
    for n, (word, rate) in enumerate(pairwise(items)):
        said = word.text.lower() in _CONVERSION and word.code in ".jfv" and rate.text.lower() in _RATES
        if not said or rate.before:
            continue
        told = [str(i.data) for i in items if i.code == "d" and schema.noun(str(i.data)) & _HOPES]
        hopes = told or [d.name for d in schema.model.datasets if schema.noun(d.name) & _HOPES]
        became = value_of(hopes[0], _BECAME, word, schema) if len(set(hopes)) == 1 else None
        if became is None:
            return [*items[:n], word.unread(), *items[n + 1 :]]
        share = share_counted(hopes[0], Compare(field=became.field, op="=", value=became.value))
        first = n - 1 if n and items[n - 1].code == "d" and items[n - 1].data == hopes[0] else n
        text = f"{word.text} {rate.text}"
        made = Item("M", items[first].start, rate.end, text, share, before=items[first].before)
        return [*items[:first], made, *items[n + 2 :]]
    return items


_CONVERSION = frozenset(["conversion", "conversions", "closing", "close", "converted"])
_RATES = frozenset(["rate", "rates", "ratio", "percentage"])
_HOPES = frozenset(
    ["lead", "enquiry", "inquiry", "prospect", "opportunity", "quote", "quotation", "trial", "applicant"]
)
_BECAME = frozenset(
    ["converted", "sold", "won", "closed won", "closed-won", "closed_won", "accepted", "hired", "enrolled"]
)


def _attendance(items: list[Item], schema: Schema) -> list[Item]:
    """ "attendance rate", "attendance below 90%", "the worst attendance": how many of those who were to come came."""
    for n, item in enumerate(items):
        if item.code not in "dm" or item.dataset is None or lemma(item.text.lower()) != "attendance":
            continue
        after = items[n + 1] if n + 1 < len(items) else None
        rated_so = after is not None and after.text.lower() in ("rate", "rates", "percentage") and not after.before
        bounded = [i.code for i in items[n + 1 : n + 3]] == ["o", "n"] and items[n + 2].data.percent
        ranked = n > 0 and items[n - 1].code in "sT" and items[n - 1].text.split()[-1] in _BY_RATE
        came = value_of(item.dataset, _CAME, item, schema)
        if came is None or not (rated_so or bounded or ranked):
            continue
        share = share_counted(item.dataset, Compare(field=came.field, op="=", value=came.value))
        made = replace(item, code="M", text="attendance rate", data=share, options=())
        return [*items[:n], made, *items[n + 1 + rated_so :]]
    return items


_CAME = frozenset(["present", "attended", "here", "in attendance", "came"])
_BY_RATE = frozenset(["best", "worst", "highest", "lowest", "poorest"])


def _of_what(rate: Item, left: Item | None, schema: Schema) -> Item:
    """ "scrap rate", where only prices are known: no price; "the room's rate" is one."""
    priced = rate.code == "f" and rate.score < 0.95
    apart = left is None or left.code not in "fvj." or rate.before
    own = left is not None and left.code == "f" and rate.code == "f" and _same_row(left, rate, schema)
    return rate if not priced or apart or own else rate.unread()


def _same_row(left: Item, right: Item, schema: Schema) -> bool:
    names = schema.field(str(left.data)).role in ("name", "category", "code")
    return names and schema.owner(str(left.data)) == schema.owner(str(right.data))


_APART = (" the", " a", " each", " per")
_MISHAPS = frozenset(
    ["claim", "complaint", "return", "refund", "incident", "accident", "defect", "fault", "error", "breakdown",
     "injury", "cancellation", "dispute", "chargeback", "escalation", "failure", "recall",
     "absence", "violation", "readmission"]
)  # fmt: skip


def _what_befell(dataset: str, schema: Schema) -> str | None:
    """ "claim rate": of the parcels, to which claims belong, where these alone happen."""
    if not schema.noun(dataset) & _MISHAPS:
        return None
    above = [p for p in schema.parents(dataset)[1:] if schema.distance(dataset, p) == 1]
    happen = [p for p in above if schema.time_of(p) and not schema.is_person(p)]
    happen = [p for p in happen if schema.model.dataset(p).name_field is None] or happen  # orders, rather than products
    return happen[0] if len(happen) == 1 else None


def _told_of(reference: str, schema: Schema) -> str:
    """Whose state a field says: its own rows', or, of a list of states, those of the rows that go by it."""
    owner = schema.owner(reference)
    listed_there = reference == f"{owner}.{schema.model.dataset(owner).name_field}" and not schema.time_of(owner)
    those = [c for c in schema.children(owner) if schema.distance(c, owner) == 1] if listed_there else []
    return those[0] if len(those) == 1 else owner


def _condition(item: Item, schema: Schema) -> tuple[str, Condition] | None:
    if item.code == "C" and len(item.data.options) == 1 and not item.data.negated:
        reference, condition = item.data.options[0]
        return (reference, condition) if reference else None
    if item.code == "v" and item.data:
        mention = item.data[0]
        listed_there = _told_of(mention.field, schema) != schema.owner(mention.field)
        if listed_there or schema.field(mention.field).role in ("category", "flag"):
            stored: list[Any] = list(dict.fromkeys(m.value for m in item.data if m.field == mention.field))
            value = Compare(field=mention.field, op="in", value=stored) if len(stored) > 1 else None
            return mention.field, value or Compare(field=mention.field, op="=", value=mention.value)
    if item.code == "f" and schema.is_flag(str(item.data)):
        condition = schema.has_some(str(item.data), plural=False)
        return (str(item.data), condition) if condition is not None else None
    return None
