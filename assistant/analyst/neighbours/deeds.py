"""What was done, to what and by whom: "cars sold", "reviews posted by users", "what did Ann buy most"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from assistant.analyst.english import LISTS
from assistant.analyst.filters import event_of
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.standing import came_in
from assistant.analyst.reduce.reads import MeasureRead, rows_counted
from assistant.analyst.schema import Schema
from assistant.analyst.verbs import RELATIONS, SHOPPING
from knowledge.request import Aggregate
from knowledge.words import lemma, split

_PASSIVE = LISTS["passive"]


_PASSIVES = {lemma(word): word for word in _PASSIVE}


_PIECES = frozenset(["units", "items", "pieces", "unit", "copies"])


def ties(items: list[Item], schema: Schema) -> list[Item]:
    """ "professors who have taught the most sections", "parcels carried by electric vans": a verb between two things of
    which one belongs to the other, or to which the same rows belong, says just that."""
    made = list(items)
    for n, item in enumerate(items):
        plain = item.text.lower() == lemma(item.text.lower()) and not (n and items[n - 1].code in "hqdz")
        if item.code != "." or plain or lemma(item.text.lower()) not in RELATIONS:
            continue  # "cancellation rate" is no rating
        left = next((d for i in reversed(items[:n]) if (d := _one_of(i, schema))), None)
        right = next((d for i in items[n + 1 : n + 5] if (d := _one_of(i, schema))), None)
        if left is None or right is None or left == right:
            continue
        up = [schema.belongs_to(left, right), schema.belongs_to(right, left)]
        if any(up) or event_of(left, [right], schema) is not None:
            made[n] = replace(item, code="j")
    return made


def _one_of(item: Item, schema: Schema) -> str | None:
    """What a noun or a figure is of, or whose value a word is."""
    if item.code == "v":
        return next((schema.owner(m.field) for m in item.data[:1]), None)
    if item.code == "f":
        return schema.owner(str(item.data))
    return item.dataset if item.code in "dm" else None


def told_by_roles(items: list[Item], schema: Schema) -> list[Item]:
    """ "users who sent money", where transfers have a sender: the rows in which somebody is the one who did it."""
    made = list(items)
    for n, item in enumerate(items):
        if item.code != "j" or item.dataset or item.text.lower().endswith("ing"):
            continue
        near = [i.dataset for i in (*reversed(items[:n]), *items[n + 1 : n + 2]) if i.code in "dm" and i.dataset]
        who = next((d for d in near if schema.is_person(d)), None)
        after = next((i for i in items[n + 1 :] if i.code not in "vuO"), None)
        if who is None or (after is not None and after.code in "dmfM" and not after.before):
            continue  # "sent orders": the thing itself says it
        verb = lemma(item.text.lower())
        ways = [r for r in schema.model.relationships if r.one == who and doers(verb) & {*split(r.name)}]
        ways = ways or [
            r for r in schema.model.relationships if r.one == who and verb in {lemma(s.split()[0]) for s in r.synonyms}
        ]
        if len({r.many for r in ways}) == 1:
            made[n] = replace(item, options=(*item.options, Link("dataset", ways[0].many, 0.85, False)))
    return made


def doers(verb: str) -> set[str]:
    """Who does it: send, sender; act, actor; set, setter."""
    stem = verb.removesuffix("e")
    return {f"{stem}er", f"{stem}or", f"{verb}r", f"{verb}{verb[-1:]}er"}


def tied(items: list[Item], schema: Schema) -> list[Item]:
    """ "reviews posted *by* users": who did it, not a grouping."""
    made = list(items)
    for n in range(1, len(items) - 1):
        item = items[n]
        after = next((i for i in items[n + 1 :] if i.code != "v"), items[n + 1])
        named = items[n + 1].code == "v" and after.code == "d"  # "offered by the Physics department"
        told = "".join(i.code for i in items[n + 1 : n + 5])
        named = named or re.match(r"dh?fn|dn|dhn", told) is not None  # "offered by the vendor with ID 7"
        plural = after.code == "d" and (after.text.lower().endswith("s") or named)
        bound = item.code == "y" and item.text == "by" and items[n - 1].code == "j" and after.code == "o"
        if bound:  # "bought by more than 500 households"
            made[n] = replace(item, code="O")
            continue
        done_by = (
            items[n - 1].code == "j"
            or (items[n - 1].code in "fm" and items[n - 1].text.endswith("ed"))
            or re.search(r"\b(made|\w{2,}ed|sold|bought|sent|paid|done|given|written)$", item.before)
        )
        by_some = _is_by_some(items, n, after, schema)
        if item.code == "y" and item.text in ("by", "by the") and ((done_by and plural) or by_some):
            made[n] = replace(item, code="O")
    return made


def _is_by_some(items: list[Item], n: int, who: Item, schema: Schema) -> bool:
    """ "paintings by Dutch masters": those who did it, said in the plural, and only some of them."""
    some = items[n + 1].code == "v" and not who.before and who.code == "d"
    many = some and lemma(who.text.lower()) != who.text.lower()
    left = items[n - 1]
    person = many and (schema.is_person(str(who.data)) or who.text.lower().endswith(_AGENTS))
    return person and left.code == "d" and schema.belongs_to(str(left.data), str(who.data))


_AGENTS = ("ers", "ors", "ists", "ians", "ants", "eurs")


def done_by_one(items: list[Item], schema: Schema) -> list[Item]:
    """ "coupons offered by merchant 7": the merchant that the coupon says, whoever else has to do with it."""
    for n in range(2, len(items) - 1):
        whose = items[n]
        tells = re.match(r"dh?(f)?n", "".join(i.code for i in items[n : n + 4]))
        if tells is None or items[n - 1].text not in ("by", "by the", "from") or items[n - 2].code != "j":
            continue
        thing = next((i for i in reversed(items[: n - 2]) if i.code in "dm"), None)
        key, last = schema.key(str(whose.data)), n + tells.end() - 1
        if thing is None or thing.dataset is None or (tells[1] and items[last - 1].data != key):
            continue
        ways = [r for r in schema.model.relationships if (r.many, r.one) == (thing.dataset, whose.data)]
        if len(ways) != 1 or len(ways[0].many_fields) > 1:
            continue
        field = f"{ways[0].many}.{ways[0].many_fields[0]}"
        told = Item("f", whose.start, items[last - 1].end, whose.text, field, 0.95, (Link("field", field, 0.95, True),))
        return [*items[: n - 1], told, *items[last:]]
    return items


def most_done(items: list[Item], _: Schema) -> list[Item]:
    """ "the most rented kind": by how often that was done."""
    made = list(items)
    for n in range(len(items) - 2):
        mark, verb, noun = items[n : n + 3]
        done_to = verb.code == "j" and verb.text.lower() in _PASSIVE and noun.code in "df"
        if mark.code == "s" and mark.text.split()[-1] in ("most", "least") and done_to and not verb.before:
            made[n] = replace(mark, data=replace(mark.data, about="count"))
    return made


def happened_most(items: list[Item], schema: Schema) -> list[Item]:
    """ "which machine breaks down the most", where breakdowns are a kind of what happens to machines: how often they
    do, where nothing else is ranked."""
    if len(items) != 4 or "".join(i.code for i in items) != "qdvs" or items[3].text.split()[-1] not in _OFTEN:
        return items
    who, deed = items[1], items[2]
    rows = schema.owner(deed.data[0].field) if deed.data else ""
    if not rows or rows == who.data or not schema.belongs_to(rows, str(who.data)) or not schema.time_of(rows):
        return items
    count = rows_counted(rows)
    return [*items, Item("M", items[3].end, items[3].end, rows, count, 0.9)]


_OFTEN = frozenset(["most", "least", "often", "frequently"])


def bought_most(items: list[Item], schema: Schema) -> list[Item]:
    """ "what did Ann buy most?", "what do members with children buy?", "what did household 7 buy in May?": of the
    products, what is bought, not who buys."""
    codes = "".join(i.code for i in items)
    if not re.match(r"q(?:[dmf]n|v*[dmfjhOon]*v?)[hO]*j(?:O*sO?)?w?$", codes) or items[0].text != "what":
        return items
    shops = next(i for i in items if i.code == "j").text.lower() in ("buy", "order", "purchase", "bought")
    if "s" not in codes and not shops:
        return items
    verb = next(i for i in items if i.code == "j")
    events = [verb.dataset, *schema.children(verb.dataset)] if verb.dataset else schema.facts()
    thing = next((ware for event in events if (ware := schema.wares(event))), None)
    if thing is None:
        return items
    link = Link("dataset", thing, 0.9, True)
    rest = [i.linked(o) if i.code == "m" and (o := _as_thing(i)) else i for i in items[1:]]
    rest = [i for i, after in pairwise([*rest, verb]) if i.code != "d" or after.code == "n"]
    return [items[0], Item("d", items[0].end, items[0].end, "products", thing, 0.9, (link,)), *rest]


def _as_thing(item: Item) -> Link | None:
    return next((o for o in item.options if o.kind == "dataset"), None)


def verbs_as_figures(items: list[Item], schema: Schema) -> list[Item]:
    """ "the highest paid employee", "which makes have": words in a verb's form that name a field here."""
    made = list(items)
    for n in range(1, len(items) - 1):
        item, left, right = items[n], items[n - 1], items[n + 1]
        link = next((o for o in item.options if o.kind == "field"), None) if item.code == "j" else None
        if link is None:
            continue
        ranked = left.code == "s" and right.code == "d" and schema.is_number(link.target)
        asked = left.code == "q" and right.code in "hz" and not schema.is_number(link.target)
        bounded = right.code == "o" and left.code == "d" and schema.is_number(link.target)  # "earning more than 80000"
        ranked = ranked and schema.owner(link.target) == right.data
        if ranked or asked or (bounded and schema.owner(link.target) == left.data):
            made[n] = item.linked(link)
    return made


_TAKEN = frozenset(["collections", "billings", "receipts", "payouts", "takings"])


_SUMS = frozenset(["amount", "amounts", "money", "cash", "dollars", "value", "sum", "total amount"])
_DOCUMENTS = frozenset(["bill", "invoice", "payment", "refund", "deposit", "donation", "claim", "payout", "withdrawal",
                        "gift", "grant", "pledge"])  # fmt: skip
_MOVES = frozenset(
    ["payments", "refunds", "deposits", "donations", "withdrawals", "payouts", "transfers", "charges", "expenses",
     "fees", "fines", "contributions", "commissions", "bonuses", "tips", "penalties", "reimbursements", "premiums",
     "costs", "expenditures", "dues", "royalties", "gifts", "grants", "pledges", "subsidies"]
)  # fmt: skip


def money_moved(items: list[Item], schema: Schema) -> list[Item]:
    """ "the total billed", "what did we collect", "amount collected", "monthly collections": the amounts, not how many
    there are."""
    made: list[Item] = []
    skip = False
    for n, item in enumerate(items):
        if skip:
            skip = False
            continue
        amount = schema.amount(str(item.data)) if item.code == "d" and _moves_money(items, n) else None
        if amount is None or not _is_of_money(item, amount, schema):
            made.append(item)
            continue
        if made and made[-1].code in "mf." and made[-1].text.lower().split()[-1] in _SUMS and not item.before:
            item = replace(item, before=made.pop().before)
        skip = n + 1 < len(items) and items[n + 1].text.lower() in _SUMS and not items[n + 1].before
        kept = came_in(str(item.data), schema) if lemma(item.text.lower()) in _COLLECTS else []
        total = MeasureRead(Aggregate(agg="sum", of=amount, where=kept), (str(item.data),))
        made.append(replace(item, code="M", data=total, options=()))
    return made


_COLLECTS = frozenset(["collect", "collection"])


def _is_of_money(item: Item, amount: str, schema: Schema) -> bool:
    """ "collections" are of money where payments are collected, and of parcels where these are."""
    word = item.text.lower()
    if word.split()[-1] not in _TAKEN or schema.noun(str(item.data)) & _PAPERS:
        return True
    return lemma(word)[:_STEM] in {lemma(w)[:_STEM] for w in schema.noun_of(amount)}


_STEM = 6
"""Letters that a word and one made of it begin with alike: collections, collected."""


_PAPERS = _DOCUMENTS | {"receipt", "transaction", "fee", "fine", "loan", "debt", "premium", "tax", "sale", "order",
                        "account", "contribution", "instalment", "installment", "subscription"}  # fmt: skip


def _moves_money(items: list[Item], n: int) -> bool:
    item, word = items[n], items[n].text.lower()
    left = next((i for i in reversed(items[:n]) if i.code not in "vwO"), None)
    right = items[n + 1] if n + 1 < len(items) and not items[n + 1].before else None
    code = left.code if left is not None else ""
    if word.split()[-1] in _MOVES:
        return code == "a" and left is not None and left.text in ("total", "sum of", "totals", "total of")
    figure = left is not None and left.code == "a" and left.data in ("avg", "median", "max", "min")
    if figure and word in _DOCUMENTS and not item.before:
        return right is None or right.code not in "dfm"  # "the average bill"
    if re.search(r"\b(?:did|do|have) (?:we|they)$", item.before):
        return True
    if item.score >= 1 and not word.endswith("ed"):
        return False
    if re.search(r"\b(?:we|they|did \w+)$", item.before):
        return True
    if word.endswith("ed"):
        amount = left is not None and left.text.lower().split()[-1] in _SUMS and not item.before
        beside = amount or (right is not None and right.text.lower() in _SUMS)
        alone = right is None or right.code not in "dfm"
        return beside or item.before == "to" or (code in ("", "a", "S", "/", "l") and alone)
    much = left is not None and left.data == "much"
    return word in _TAKEN and (much or code not in ("c", "q", "u", "z"))


def spent_per(items: list[Item], _: Schema) -> list[Item]:
    """ "how much do members spend per visit", "average spend per member": on average, over those."""
    for n in range(1, len(items) - 2):
        verb, mark, thing = items[n : n + 3]
        metric = next((o for o in verb.options if o.kind == "metric" and o.score > 0.9), None)
        asks = any(i.code == "q" and i.data == "much" for i in items[:n])
        averaged = items[n - 1].code == "a" and items[n - 1].data == "avg"
        if verb.code == "j" and averaged and metric is not None and mark.text == "per" and thing.code == "d":
            return [*items[:n], replace(verb.linked(metric), options=(metric,)), *items[n + 1 :]]
        if verb.code == "j" and asks and metric is not None and mark.text == "per" and thing.code == "d":
            average = Item("a", verb.start, verb.start, "average", "avg")
            return [*items[:n], average, replace(verb.linked(metric), options=(metric,)), *items[n + 1 :]]
    return items


def pieces_sold(items: list[Item], schema: Schema) -> list[Item]:
    """ "sold fewer than 250 units": a bound on how many were sold."""
    made = list(items)
    for n, item in enumerate(items):
        bought = "".join(i.code for i in items[n + 1 : n + 4]) == "ond" if item.code == "j" else False
        deed = item.dataset if bought else None
        if deed and item.text.lower() in _PASSIVE and _is_ware(str(items[n + 3].data), deed, schema):
            read = replace(_how_often(deed, schema), counted=None)
            made[n + 3] = replace(items[n + 3], code="M", data=read, options=())  # "bought more than 2 cars"
            continue
        if item.code != "j" or not re.fullmatch("on[.f]", "".join(i.code for i in items[n + 1 : n + 4])):
            continue
        event = item.dataset
        if event and schema.quantity(event) and items[n + 3].text.lower() in _PIECES and items[n + 3].score < 0.6:
            made[n + 3] = replace(items[n + 3], code="M", data=_how_often(event, schema), score=0.95)
    return made


def _how_often(deed: str, schema: Schema) -> MeasureRead:
    """How many were sold in all rows of a deed: what they say, else the rows."""
    quantity = schema.quantity(deed)
    if quantity:
        return MeasureRead(Aggregate(agg="sum", of=quantity), (schema.owner(quantity),))
    return rows_counted(deed)


def _is_ware(dataset: str, deed: str, schema: Schema) -> bool:
    """What is sold, rented or served in a deed, rather than who does it."""
    return dataset != deed and schema.belongs_to(deed, dataset) and not schema.is_person(dataset)


def _names_wares(value: Item, deed: str, schema: Schema) -> bool:
    """A kind of what is sold in a deed: "bananas", said of products, or of the lines themselves that tell how many."""
    if value.code != "v":
        return False
    owner, quantity = schema.owner(value.data[0].field), schema.quantity(deed)
    lines = schema.owner(quantity) if quantity else deed
    return _is_ware(owner, lines, schema) or (owner == lines and quantity is not None)


def _sold_in(value: Item, verb: Item, schema: Schema) -> str | None:
    """Where nothing here is called a sale: the only rows that tell how many there were of such a thing."""
    if value.code != "v" or lemma(verb.text.lower()) not in SHOPPING:
        return None
    owner = schema.owner(value.data[0].field)
    quantities = {
        q for d in schema.model.datasets if schema.belongs_to(d.name, owner) and (q := schema.quantity(d.name))
    }
    return schema.owner(quantities.pop()) if len(quantities) == 1 else None


def carried_out(items: list[Item], schema: Schema) -> list[Item]:
    """ "how many facials last week", "how many treatments did we do in May": how often that was done, not how many
    kinds of it there are."""
    at = next((n for n, i in enumerate(items) if i.code == "c"), None)
    if at is None:
        return items
    end = at + 1
    while end < len(items) and items[end].code in "vd" and not items[end].before:
        end += 1
    nouns = items[at + 1 : end]
    last = nouns[-1] if nouns else None
    if last is None or (last.code == "v" and not last.data):
        return items
    thing = str(last.data) if last.code == "d" else schema.owner(last.data[0].field)
    called = schema.model.dataset(thing).name_field
    named = last.code == "v" and last.data[0].field == f"{thing}.{called}" and not _is_had(items[end:])
    in_time = any(i.code == "w" for i in items[at:]) or any(_BY_US.search(i.before) for i in items[at:])
    if not (named or in_time):
        return items
    deeds = [c for c in schema.children(thing) if schema.distance(c, thing) == 1 and schema.time_of(c)]
    kept = schema.model.dataset(thing).default_time or any(i.code == "d" and i.data in deeds for i in items)
    if kept or not (named or schema.noun(thing) & LISTS["services"]) or len(deeds) != 1:
        return items  # of one kind, known by its name, there is only one: how often it was done is asked
    own = (schema.quantity(deeds[0]) or "").partition(".")[0] == deeds[0]
    rows = rows_counted(deeds[0])
    read = _how_often(deeds[0], schema) if own else rows
    often = Item("M", items[at].start, items[at].end, items[at].text, read, 0.95)
    of = [Item("O", last.start, last.start, "of"), *(i for i in nouns if i.code == "v")]
    return [*items[:at], often, *(of if len(of) > 1 else []), *items[end:]]


def _is_had(rest: list[Item]) -> bool:
    """ "how many helmets do we have": of what is in stock."""
    return bool(rest) and rest[0].code == "h" and rest[0].text.lower() in ("have", "had", "has")


_BY_US = re.compile(r"\b(?:did|do|have|has) (?:we|they)$", re.I)


def done(items: list[Item], schema: Schema) -> list[Item]:
    """ "cars sold", "how many units were bought": how often that happened, which is not how many things there are."""
    made = list(items)
    for n, item in enumerate(items):
        we = re.search(r"\b(?:do|does|did|have|has) (?:we|they|i)$", item.before) and _PASSIVES.get(item.text.lower())
        ranked = "".join(i.code for i in items[n + 1 : n + 3]) in ("sd", "s.")
        most = ranked and items[n + 1].text.lower().split()[0] in ("the", "most", "least", "fewest")
        sells = most and lemma(item.text.lower()) in _PASSIVES  # "which store sells the most cars"
        each = n > 2 and items[n - 2].code in "uy" and items[n - 1].code in "df"  # "did each store sell"
        each = each and lemma(item.text.lower()) in _PASSIVES
        if item.code != "j" or not (item.text.lower() in _PASSIVE or we or sells or each):
            continue
        near = n - 3 if each else n - 1
        at = next((m for m in range(near, max(near - 3, -1), -1) if items[m].code not in "hj"), None)
        event = item.dataset or (_sold_in(items[at], item, schema) if at is not None else None)
        at = n + 2 if most else at  # "which store sold the most cars"
        negated = any(i.code == "z" for i in items[max(0, n - 2) : n])
        grouped = (
            "".join(i.code for i in items[n + 1 : n + 3]) in ("yd", "yf") and at is not None and items[at].code == "v"
        )
        bound = n + 1 < len(items) and (items[n + 1].code in "on" or (items[n + 1].text == "by" and not grouped))
        if event is None or at is None or negated or bound:
            continue
        if most and items[n + 2].before:
            continue
        noun = items[at]
        thing = noun.code == "d" and noun.data != event and schema.belongs_to(event, noun.data)
        in_pieces = noun.code == "." and noun.text.lower() in _PIECES
        before = made[at - 1].code if at and not most else ""
        counted = at - 1 - (before == "d" and made[at - 1].start == noun.start)  # beside a noun made of the kind
        if (
            counted >= 0 and made[counted].code == "c" and _names_wares(noun, event, schema)
        ):  # "how many bananas were sold"
            pieces = Item("M", noun.start, noun.start, "", _how_often(event, schema), 0.95)
            return [*made[:counted], pieces, Item("O", noun.start, noun.start, "of"), *made[at:]]
        if not (in_pieces or (thing and not schema.is_person(noun.data))) or before in (
            "q",
            "l",
            "u",
            "y",
            "N",
            "s",
            "T",
            "n",
        ):
            continue
        made[at] = replace(noun, code="M", data=_how_often(event, schema), score=0.95, options=())
        if before == "c":
            said = at > 1 and made[at - 2].code == "a"
            made[at - 1] = replace(made[at - 1], code="." if said else "a", data="sum", text="the" if said else "total")
    return [i for i in made if not (i.code == "." and i.text == "the")]
