"""Money that is said without saying of what: "ticket money", "money donated", "what do we still owe?"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

from assistant.analyst.item import Item, rows_of
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.ended import undone_of
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.neighbours.standing import came_in
from assistant.analyst.reduce.reads import Cond, MeasureRead
from assistant.analyst.schema import Schema
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Compare,
    Condition,
    FieldColumn,
    Having,
    Measure,
    MetricRef,
    Request,
    SubResult,
)
from knowledge.words import lemma

_SUMS = frozenset(["amount", "value", "sum", "worth"])
_MONEY = frozenset(["money", "funds"])
_IN = re.compile(r"(?:taken|received|collected|came|coming|made)\b", re.I)
_TAKEN_IN = frozenset(["payment", "receipt", "collection", "takings"])
_DUE = frozenset(["owe", "owed", "owes", "owing", "outstanding", "due", "unpaid", "arrears"])
_BILLED = frozenset(["payment", "invoice", "bill", "fee", "fine", "loan", "instalment", "installment", "charge", "debt",
                     "statement"])  # fmt: skip
_ASKED = frozenset(["registration", "order", "claim", "premium", "subscription", "pledge", "due", "booking"])
"""What is owed first of all, and what may be."""
_PROMISED = frozenset(["pledged", "promised", "due", "billed", "invoiced", "total", "owed", "committed", "agreed"])
_RECEIVED = frozenset(["received", "paid", "collected", "settled"])
_SETTLED = frozenset(["paid", "fulfilled", "settled", "received", "collected", "complete", "completed"])
_UNPAID = frozenset(["unpaid", "open", "outstanding", "overdue", "due", "owing", "pending", "partial", "partially paid",
                     "past due", "late", "sent", "issued"])  # fmt: skip


def of_things(items: list[Item], schema: Schema) -> list[Item]:
    """ "ticket money", "money donated", "money in last month": the amounts of those rows."""
    made: list[Item] = []
    for n, item in enumerate(items):
        word = item.text.lower()
        said = (word in _MONEY or (word == "cash" and item.code == ".")) and not (
            item.code in "mf" and item.score >= 0.95
        )
        if not said:
            made.append(item)
            continue
        left, right = (items[n - 1] if n else None), (items[n + 1] if n + 1 < len(items) else None)
        if left is not None and left.code == "d" and not item.before and made:
            amount = amount_of(str(left.data), schema)
            if amount is not None:
                made[-1] = replace(as_measure(left, amount), end=item.end)
                continue
        deed = right if right is not None and right.code in "jd" else None
        ahead = [i for i in items[n + 1 : n + 4] if i.code != "h"]
        if "".join(i.code for i in ahead[:3]) in ("jOd", ".Od") and ahead[1].text in ("for", "from", "on", "of", "in"):
            deed = ahead[2]  # "money taken for tickets"
        rows = next(iter(linked_datasets(deed, schema)), None) if deed is not None else None
        amount = amount_of(rows, schema) if rows else None
        figures = any(i.code in "mM" for i in items)
        if amount is None and not figures and (right is None or right.code in "wgy" or _IN.search(right.text)):
            amount = taken_in(schema)
        made.append(as_measure(item, amount) if amount is not None else item)
    return made


def sold_ones(items: list[Item], schema: Schema) -> list[Item]:
    """ "how many cars did we sell last month", where cars are marked as sold and deals say when: those deals."""
    for n, item in enumerate(items):
        sold = item.code in "vj" and lemma(item.text.lower()) == "sell" and any(i.code in "wgx" for i in items)
        at = next((k for k in (n - 1, n + 1, n + 2) if 0 <= k < len(items) and items[k].code == "d"), None)
        if not sold or at is None:
            continue
        thing = str(items[at].data)
        if item.code == "v" and thing not in {schema.owner(m.field) for m in item.data}:
            continue
        deals = [c for c in schema.children(thing) if schema.noun(c) & _DEALS and _sold_once(thing, c, schema)]
        if len(deals) != 1 or schema.time_of(deals[0]) is None:
            continue
        link = Link("dataset", deals[0], 0.9, True)
        made = [replace(i.linked(link), options=(link,)) if k == at else i for k, i in enumerate(items)]
        if at == n + 2:  # "who sold the most cars"
            return [replace(i, code="j", data=deals[0], options=()) if i is item else i for i in made]
        return [i for i in made if i is not item]
    return items


def _sold_once(thing: str, deals: str, schema: Schema) -> bool:
    """A deal is the sale of one such thing, which is gone then: a car, not a product that is sold again and again."""
    ties = [r for r in schema.model.relationships if (r.many, r.one) == (deals, thing) and len(r.many_fields) == 1]
    keys = [schema.model.dataset(deals).field(r.many_fields[0]) for r in ties]
    once = (k.distinct is not None and k.distinct >= _ONCE * (schema.model.dataset(deals).row_count or 0) for k in keys)
    return len(keys) == 1 and any(once)


_ONCE = 0.95
_DEALS = frozenset(["deal", "sale", "order", "transaction", "purchase"])


def collected(items: list[Item], schema: Schema) -> list[Item]:
    """ "how much did we collect?": what was paid in, where payments are kept; in late fees: these."""
    for n, item in enumerate(items):
        verb = item.code in "j.fd" and item.text.lower() in ("collect", "collected", "charge", "charged")
        after = items[n + 1] if n + 1 < len(items) else None
        if verb and after is not None and after.code in "fm" and after.before.split()[:1] == ["in"]:
            return [*items[:n], replace(after, before=""), *items[n + 2 :]]
        others = any(i.code in "dmfM" for i in items if i is not item)
        if verb and n and items[0].text.lower() == "how much" and not others:
            paid = taken_in(schema)
            return [as_measure(item, paid), *items[n + 1 :]] if paid is not None else items
    return items


def pays_most(items: list[Item], schema: Schema) -> list[Item]:
    """ "which customers pay the most?", "who pays us the most?": by what came in from them, whatever else was once
    paid."""
    for n in range(1, len(items) - 1):
        item, most, rest = items[n], items[n + 1], items[n + 2 :]
        ranks = most.code == "s" and most.text.lower().split()[-1] in ("most", "least", "more", "less")
        pays = lemma(item.text.lower()) == "pay" and item.code in "jf." and ranks
        if not pays or any(i.code in "dfmM" for i in rest) or any(_is_staff(i, schema) for i in items[:n]):
            continue
        made = _what_came_in(item, schema)
        if made is None:
            continue
        whose = [p for d in made.data.datasets for p in schema.parents(d)[1:] if schema.is_person(p)]
        served = [p for p in whose if not schema.is_staff(p)]
        who = items[:n]
        if n == 1 and items[0].code == "q" and items[0].text.lower() == "who" and served:
            who = [items[0], rows_of(served[0], item.start, item.start, served[0])]
        return [*who, most, made, *rest]
    return items


def _is_staff(item: Item, schema: Schema) -> bool:
    return item.code == "d" and schema.is_staff(str(item.data))


_BILLS = frozenset(["bill", "invoice", "statement", "instalment", "installment", "premium"])


def _what_came_in(item: Item, schema: Schema) -> Item | None:
    """The payments, where these are kept, else what was sold."""
    paid = taken_in(schema)
    if paid is not None:
        return as_measure(item, paid)
    bills = schema.owner(str(item.data)) if "." in str(item.data) else ""
    if bills and schema.noun(bills) & _BILLS and (billed := amount_of(bills, schema)):
        return as_measure(item, billed)
    sold = next((m for m in schema.model.metrics if {m.label.lower(), *m.synonyms} & {"revenue", "sales"}), None)
    return as_measure(item, MetricRef(metric=sold.name), *schema.metric_datasets(sold)) if sold else None


def amounts_of(items: list[Item], schema: Schema) -> list[Item]:
    """ "the total amount of unpaid bills", "amount refunded": those of the bills, of what was refunded."""
    made = list(items)
    for n, item in enumerate(items):
        if item.text.lower().removeprefix("total ") not in _SUMS or item.code not in "mfM.":
            continue
        right = items[n + 1] if n + 1 < len(items) else None
        left = items[n - 1] if n else None
        for deed in (right, left):
            follows = deed is right and deed is not None and not deed.before
            leads = deed is left and deed is not None and not item.before
            field = (
                next((o.target for o in deed.options if o.kind == "field"), None) if deed and deed.code == "j" else None
            )
            if field and (follows or leads) and schema.is_number(field) and schema.adds_up(field):
                made[n] = as_measure(item, Aggregate(agg="sum", of=field))
                made.remove(deed)  # type: ignore[arg-type]
                return made
        if right is None or right.code != "O" or right.text not in ("of", "from"):
            continue
        noun = next((i for i in items[n + 2 :] if i.code not in "vC.j"), None)
        dataset = str(noun.data) if noun is not None and noun.code == "d" else None
        amount = amount_of(dataset, schema) if dataset else None
        if amount is None or (item.code in "mM" and dataset in _datasets(item, schema)):
            continue
        made[n] = as_measure(item, amount)
        if n and items[n - 1].code == "a" and items[n - 1].data == "sum":
            made.pop(n - 1)
        return made
    return made


def _datasets(item: Item, schema: Schema) -> list[str]:
    if item.code == "M":
        return list(item.data.datasets)
    return schema.metric_datasets(schema.model.metric(str(item.data)))


def as_measure(item: Item, measure: Measure, *datasets: str) -> Item:
    """The words as a measure, of the datasets or of that of the field which it adds up."""
    of = datasets or ((str(measure.of).partition(".")[0],) if isinstance(measure, Aggregate) else ())
    return replace(item, code="M", data=MeasureRead(measure, of), options=(), score=0.95)


def amount_of(dataset: str, schema: Schema) -> Aggregate | None:
    """The sum of the money that a dataset's rows, or their lines, are about, where one field says it."""
    lines = [c for c in schema.children(dataset) if schema.distance(c, dataset) == 1]
    for name in (dataset, *lines):
        field = schema.amount(name) or _only_money(name, schema)
        if field and (name == dataset or not schema.is_outgoing(field)):
            return Aggregate(agg="sum", of=field)
    return None


def _only_money(dataset: str, schema: Schema) -> str | None:
    fields = schema.model.dataset(dataset).fields
    money = [f for f in fields if f.role == "measure" and f.additivity == "additive" and not f.hidden]
    words = [set((f.label or f.name).lower().split()) for f in money]
    paid = [f for f, w in zip(money, words, strict=True) if w & _SAYS_MONEY]
    taken = [f for f in paid if not schema.is_outgoing(f"{dataset}.{f.name}")] or paid
    return f"{dataset}.{taken[0].name}" if len(taken) == 1 else None


_SAYS_MONEY = frozenset(["price", "paid", "amount", "fee", "cost", "money", "charge"])


def taken_in(schema: Schema) -> Aggregate | None:
    """What was paid in, where payments are kept, or the one figure of what was paid or collected; without what failed
    or was given back."""
    kept = [d for d in schema.model.datasets if schema.noun(d.name) & _TAKEN_IN and d.default_time]
    fields = [f"{d.name}.{f.name}" for d in kept or schema.model.datasets if d.default_time for f in d.fields]
    paid = [f for f in fields if schema.is_number(f) and schema.adds_up(f) and schema.noun_of(f) & _RECEIVED]
    if len(paid) == 1 and len(kept) <= 1:
        return Aggregate(agg="sum", of=paid[0])
    amount = amount_of(kept[0].name, schema) if len(kept) == 1 else None
    return amount.model_copy(update={"where": came_in(kept[0].name, schema)}) if amount is not None else None


def owed(items: list[Item], schema: Schema) -> list[Item]:
    """ "who still owes us?", "outstanding invoices", "what do we owe growers?": what was asked for and not paid."""
    items = _bills_by_name(items, schema)
    unsure = [i.code in ".j" or (i.code == "f" and i.score < 0.95 and i.text.lower() == "outstanding") for i in items]
    at = next((n for n, i in enumerate(items) if i.text.lower() in _DUE and unsure[n]), None)
    at = _open_bills(items, schema) if at is None else at
    if at is None:
        return items
    word = items[at].text.lower()
    near = [d for i in (*reversed(items[:at]), *items[at + 1 :]) if i.code in "dMfm" for d in _rows(i, schema)]
    short = next((m for d in near if (m := _shortfall(d, schema))), None)
    figure = next((n for n, i in enumerate(items) if i.code == "M" and abs(n - at) <= 2), None)
    if short is not None and figure is not None and not word.startswith("owe"):
        left, right = sorted((figure, at))
        read = replace(items[figure], data=MeasureRead(short, (near[0],)), end=items[right].end)
        return [*items[:left], read, *items[left + 1 : right], *items[right + 1 :]]
    found = next(((d, c) for d in dict.fromkeys(near) if (c := _unpaid(d, schema))), None)
    asks = items[0].code == "q" and items[0].data == "much"
    owes = word.startswith("owe") or (asks and not any(i.code in "dM" for i in items))
    after = items[at + 1] if at + 1 < len(items) else None
    if after is not None and after.code == "." and after.text.lower() in _BALANCES and not after.before:
        items, owes = [*items[: at + 1], *items[at + 2 :]], True  # "outstanding balance by product"
    owes = owes or (at > 0 and items[at - 1].code == "a" and items[at - 1].data == "sum")
    beside = not owes and any(i.code in "dMf" and not i.before for i in items[at + 1 : at + 2])
    for nouns in () if beside else (_BILLED, _ASKED):
        asked = [d.name for d in schema.model.datasets if schema.noun(d.name) & nouns]
        kept = [(d, c) for d in asked if (c := _unpaid(d, schema))]
        theirs = [(d, c) for d, c in kept if any(schema.belongs_to(d, p) for p in near)]
        kept = theirs or [(d, c) for d, c in kept if "purchase" not in (schema.model.dataset(d).label or d)]
        below = [k for k in kept if all(schema.belongs_to(k[0], other) for other, _ in kept)]  # a loan's instalments
        found = found or (below[0] if len(below) == 1 else None)
    if found is None:
        return items
    dataset, condition = found
    cond = replace(items[at], code="C", data=Cond((condition,), text=word), score=0.95, options=(), before="")
    if not owes:
        return [*items[:at], cond, *items[at + 1 :]]
    return _owing(items, at, cond, dataset, schema)


def spent_by_us(items: list[Item], schema: Schema) -> list[Item]:
    """ "how much did we spend on energy": what was paid out, never what came in; unread where nothing tells it."""
    at = next((n for n, i in enumerate(items) if lemma(i.text.lower()) == "spend" and _BY_US.search(i.before)), None)
    if at is None or items[at].code not in "jmf.":
        return items
    told = [
        d
        for i in items
        if i.code in "vd" or (i.code == "j" and i.dataset and i is not items[at])
        for d in _told(i, schema)
    ]
    kept = [d.name for d in schema.model.datasets if schema.noun(d.name) & _SPENT]
    told = list(dict.fromkeys(told))
    paid = [a for d in told if (d in kept or _what_it_cost(d, schema)) and (a := amount_of(d, schema))]
    paid = paid or ([a for d in kept if (a := amount_of(d, schema))] if not told else [])
    if len(paid) == 1:
        return [*items[:at], as_measure(items[at], paid[0]), *items[at + 1 :]]
    bought = next((m for m in schema.model.metrics if m.name == "purchase_cost"), None)
    rows = schema.metric_datasets(bought)[0] if bought is not None else None
    if bought is not None and rows is not None and all(schema.belongs_to(rows, d) for d in told):
        spent = as_measure(items[at], MetricRef(metric=bought.name), rows)
        return [*items[:at], spent, *items[at + 1 :]]
    return [*items[:at], items[at].unread(), *items[at + 1 :]]


_BY_US = re.compile(r"\b(?:did|do|have|has) (?:we|i)$", re.I)
_SPENT = frozenset(["expense", "cost", "bill", "purchase", "spending", "expenditure", "outgoing", "spend", "payroll"])


def _what_it_cost(dataset: str, schema: Schema) -> bool:
    """Its rows say what they cost, and nothing of what they brought in: refuels, repairs."""
    amount = _only_money(dataset, schema)
    return amount is not None and "cost" in schema.noun_of(amount) and schema.amount(dataset) is None


def _told(item: Item, schema: Schema) -> list[str]:
    return [schema.owner(m.field) for m in item.data] if item.code == "v" else [str(item.data)]


def _open_bills(items: list[Item], schema: Schema) -> int | None:
    """ "open invoices", where it is something else whose state may be called open: those that are not paid."""
    for n, (item, noun) in enumerate(pairwise(items)):
        if item.code not in "vf" or item.text.lower() != "open" or noun.code != "d" or noun.before:
            continue
        fields = [m.field for m in item.data] if item.code == "v" else [str(item.data)]
        theirs = any(schema.owner(field) == noun.data for field in fields)
        if not theirs and schema.noun(str(noun.data)) & _BILLED and _unpaid(str(noun.data), schema):
            return n
    return None


def earned(items: list[Item], schema: Schema) -> list[Item]:
    """ "who earns the most of our nurses": by their pay, where that is known."""
    verb = next(
        (n for n, i in enumerate(items) if n and lemma(i.text.lower()) in ("earn", "make") and i.code in ".jm"), 0
    )
    ranks = "".join(i.code for i in items[verb + 1 : verb + 2]) == "s"
    asks = items[0].code == "q" and items[0].text.lower() in ("who", "which") if items else False
    if not (verb and ranks and asks):
        return items
    named = [d for i in items if i.code in "dv" for d in _people_of(i, schema)]
    staff = [d.name for d in schema.model.datasets if schema.is_staff(d.name)]
    found = [(d, pay) for d in (named or staff) if (pay := _pay_of(d, schema))]
    if len({d for d, _ in found}) != 1:
        return items
    dataset, pay = found[0]
    who = rows_of(dataset, items[0].end, items[0].end, dataset)
    figure = Item("f", items[verb + 1].end, items[verb + 1].end, "pay", pay, 0.95, (Link("field", pay, 0.95, True),))
    rest = [i for i in items[verb + 2 :] if i.code != "d"]
    return [items[0], who, replace(items[verb + 1], before="with"), figure, *rest]


def _people_of(item: Item, schema: Schema) -> list[str]:
    if item.code == "v":
        return [d for m in item.data[:1] if schema.is_person(d := schema.owner(m.field))]
    return [str(item.data)] if schema.is_person(str(item.data)) else []


def _pay_of(dataset: str, schema: Schema) -> str | None:
    fields = (f"{dataset}.{f.name}" for f in schema.model.dataset(dataset).fields)
    return next((f for f in fields if schema.is_number(f) and schema.noun_of(f) & _PAY), None)


_PAY = frozenset(["salary", "wage", "wages", "pay", "compensation", "earnings"])


def _owing(items: list[Item], at: int, cond: Item, dataset: str, schema: Schema) -> list[Item]:
    """Who owes: the people that the unpaid rows belong to; what is owed: the sum of them."""
    asks = items[0]
    left = outstanding(dataset, schema)
    amount = None if left is not None else amount_of(dataset, schema)
    rest = [i for i in items[at + 1 :] if not (i.code == "M" and i.text.lower() in _MONEY)]
    told = any(i.code in "Mm" or (i.code == "f" and schema.is_number(str(i.data))) for i in items)
    people = [p for p in schema.parents(dataset)[1:] if schema.is_person(p)]
    people.sort(key=lambda p: schema.is_staff(p))
    if (
        asks.code == "q"
        and asks.text.lower() in ("who", "which")
        and people
        and not any(i.code == "d" for i in items[1:at])
    ):
        who = rows_of(people[0], asks.end, asks.end, people[0])
        figure = [as_measure(cond, amount)] if amount is not None and not told else []
        if left is not None and not told:
            return [*items[:1], who, *items[1:at], as_measure(cond, left, dataset), *rest]
        return [*items[:1], who, *items[1:at], *figure, cond, *rest]
    if left is not None and asks.code in "qac" and not told:
        return [*items[:at], as_measure(cond, left, dataset), *rest]
    if amount is not None and asks.code in "qac" and not told:
        return [*items[:at], as_measure(cond, amount), cond, *rest]
    return [*items[:at], cond, *rest]


def _rows(item: Item, schema: Schema) -> list[str]:
    return list(item.data.datasets) if item.code == "M" else linked_datasets(item, schema)


def _unpaid(dataset: str, schema: Schema) -> tuple[str, Condition] | None:
    """That a row has not been paid: what says so of itself, or a status."""
    if found := told_unpaid(dataset, schema):
        return found
    told = (found for done in ("paid", "settled", "payment") if (found := undone_of(dataset, done, schema)))
    return next(told, None) or still_owed(dataset, schema)


def told_unpaid(dataset: str, schema: Schema) -> tuple[str, Condition] | None:
    """That a status calls a row unpaid, open, sent."""
    for field in schema.model.dataset(dataset).fields:
        known = {str(s).lower(): s for s in field.samples} if field.role == "category" else {}
        unpaid: list[Any] = [v for k, v in known.items() if k in _UNPAID]
        if unpaid and not _SETTLED.isdisjoint(known):
            reference = f"{dataset}.{field.name}"
            return reference, Compare(field=reference, op="in", value=unpaid)
    return None


def _bills_by_name(items: list[Item], schema: Schema) -> list[Item]:
    """ "unpaid fees", where fee invoices are what is paid: these, whatever else has a fee; "fees collected" are what
    was paid of them."""
    bills = [d.name for d in schema.model.datasets if outstanding(d.name, schema)]
    if len(bills) != 1 or not any(i.text.lower() in _DUE | _COME_IN for i in items):
        return items
    called = {lemma(w) for w in (schema.model.dataset(bills[0]).label or bills[0]).lower().split()}
    made: list[Item] = []
    for n, item in enumerate(items):
        after = items[n + 1] if n + 1 < len(items) else None
        named = item.code in "f." and lemma(item.text.lower()) in called and item.text.lower() not in _DUE
        if named and after is not None and after.code == "d" and after.text.lower() in _COME_IN and not after.before:
            paid = amount_of(str(after.data), schema)
            made.append(as_measure(replace(after, before=item.before), paid) if paid is not None else after)
            return [*made, *items[n + 2 :]]
        link = Link("dataset", bills[0], 0.9, True)
        made.append(replace(item.linked(link), options=(link,)) if named else item)
    return made


_BALANCES = frozenset(["balance", "balances", "debt", "debts", "amount", "amounts", "money"])
_COME_IN = frozenset(["collected", "paid", "received"])


def outstanding(dataset: str, schema: Schema) -> MetricRef | None:
    """What is still owed of a dataset's rows, whose payments are rows of their own."""
    name = f"outstanding_{dataset}"
    return MetricRef(metric=name) if any(m.name == name for m in schema.model.metrics) else None


def still_owed(dataset: str, schema: Schema) -> tuple[str, Condition] | None:
    """That the payments of a row have not come to its amount."""
    left, key = outstanding(dataset, schema), schema.key(dataset)
    if left is None or key is None:
        return None
    over = Having(measure=left, op=">=", value=_A_CENT)
    owing = SubResult(request=Request(columns=[FieldColumn(field=key)], having=[over]))
    return key, Compare(field=key, op="in", value=owing)


_A_CENT = 0.01
"""Less than that is a rounding, not a debt."""


def _shortfall(dataset: str, schema: Schema) -> Measure | None:
    """What was promised less what has come in, where a row tells both."""
    if apart := outstanding(dataset, schema):
        return apart
    fields = [f for f in schema.model.dataset(dataset).fields if f.role == "measure" and f.additivity == "additive"]
    words = [(f, schema.noun_of(f"{dataset}.{f.name}")) for f in fields]
    promised = [f for f, w in words if w & _PROMISED and not w & _RECEIVED]
    received = [f for f, w in words if w & _RECEIVED]
    if len(promised) != 1 or len(received) != 1:
        return None
    left, right = (Aggregate(agg="sum", of=f"{dataset}.{f.name}") for f in (promised[0], received[0]))
    return Arithmetic(op="-", left=left, right=right)
