"""Figures made of the words around them: "revenue per seat", "the biggest basket", "the lowest and highest price"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item, rows_of
from assistant.analyst.lexicon import Link
from assistant.analyst.reduce.reads import Cond, MeasureRead, Top, rows_counted
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Compare
from knowledge.words import lemma

_ROW_NOUNS = LISTS["row_nouns"]
PRICES = ("price", "cost", "fee", "fare", "rate")
_THAT_ARE = ("that are", "that were", "which are", "which were")


_SIZES = frozenset(["biggest", "largest", "smallest", "highest", "lowest", "bigger", "larger", "smaller"])


def what_ratings_say(items: list[Item], schema: Schema) -> list[Item]:
    """ "the average rating", of rows that are ratings: of the stars that they give, not of how many there are."""
    made = list(items)
    for n in range(len(items)):
        mark, item = (items[n - 1] if n else Item(";", 0, 0, "")), items[n]
        score = next((m for m in schema.model.metrics if m.name == "net_promoter_score"), None)
        if score is not None and item.code == "d" and item.text.lower() == "nps" and mark.code not in "ca":
            link = Link("metric", score.name, 1.0, True)  # the score, rather than how many answered
            made[n] = replace(item, code="m", data=score.name, options=(link,))
            continue
        ranked = mark.code in "sT" and mark.text.split()[-1] in _GRADES
        averaged = mark.code == "a" and mark.data in ("avg", "median", "max", "min")
        if not (ranked or averaged) or item.before:
            continue
        if item.code == "f" and not schema.is_number(str(item.data)):  # of text there is no average
            rows = [d.name for d in schema.model.datasets if lemma(item.text.lower()) in schema.noun(d.name)]
            item = replace(item, code="d", data=rows[0]) if len(rows) == 1 else item
        if item.code not in "dm":
            continue
        after = items[n + 1] if n + 1 < len(items) and not items[n + 1].before else None
        if (
            item.dataset is None
            or lemma(item.text.lower()) not in _OPINIONS
            or (after is not None and after.code in "dmf")
        ):
            continue
        own = [f for f in schema.model.dataset(item.dataset).fields if f.type in ("integer", "number")]
        figures = [f"{item.dataset}.{f.name}" for f in own if f.role in ("measure", "number") and not f.hidden]
        figures = [f for f in figures if not schema.noun_of(f) & _AT_MOST]
        if len(figures) == 1:
            link = Link("field", figures[0], item.score, True)
            made[n] = replace(item, code="f", data=figures[0], options=(link,))
            if ranked:  # "the best reviews": on average
                made[n:n] = [Item("a", item.start, item.start, "average", "avg")]
                return made
    return made


_AT_MOST = frozenset(["maximum", "minimum", "total", "possible", "out"])
_GRADES = frozenset(["best", "worst", "highest", "lowest", "better", "worse", "poorest", "top", "bottom"])


_OPINIONS = frozenset(
    [
        "rating",
        "review",
        "score",
        "grade",
        "mark",
        "result",
        "reading",
        "measurement",
        "feedback",
        "evaluation",
        "survey",
        "satisfaction",
    ]
)


def rows_or_money(items: list[Item], schema: Schema) -> list[Item]:
    """ "sales" are money or happenings: "how many sales over $500" and "more than 120 sales" count them, where none is
    as small as 120."""
    made: list[Item] = []
    skip = 0
    for n, item in enumerate(items):
        if skip:
            skip -= 1
            continue
        made.append(item)
        field = schema.summed_by(schema.model.metric(str(item.data))) if item.code == "m" else None
        if field is None or item.text.lower() not in _ROW_NOUNS:
            continue
        owner = Link("dataset", schema.owner(field), item.score, True)
        left = items[n - 1] if n else None
        after = items[n + 1 : n + 3]
        rows = replace(item.linked(owner), options=(owner,))
        counted = next((i for i in reversed(items[:n]) if i.code not in "vC"), None)
        if counted is not None and counted.code == "c" and after and after[0].code in "L":
            made[-1:] = [rows, replace(item, code="f", data=field, before="", options=()), after[0]]
            skip = 2 if len(after) > 1 and after[1].code in "mf" else 1
        elif (
            counted is not None
            and counted.code == "c"
            and item.text.lower().endswith("s")
            and (not after or after[0].code not in "on")
        ):
            made[-1] = rows
        elif left is not None and left.code == "c" and [i.code for i in after] == ["o", "n"] and after[1].data.money:
            made[-1:] = [rows, replace(item, code="f", data=field, before="", options=()), *after]
            skip = 2
        elif n > 1 and left is not None and left.code == "n" and items[n - 2].code == "o" and not left.data.money:
            least, most = (_number(schema.field(field).minimum), _number(schema.field(field).maximum))
            if left.data.value < max(least, 0.05 * most):
                made[-1] = rows
        elif after and after[0].code == "h" and after[0].text in _THAT_ARE and left is not None and left.code in "SO":
            made[-1] = rows
    return made


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0


def of_size(items: list[Item], schema: Schema) -> list[Item]:
    """ "the biggest basket": by what is in it, not by how many baskets there are."""
    made = list(items)
    for n in range(1, len(items)):
        item, mark = items[n], items[n - 1]
        spread = mark.code == "a" and mark.data in ("median", "max", "min")
        sized = mark.code == "s" and mark.text.split()[-1] in _SIZES
        if not (sized or spread) or item.code not in "dm" or item.before:
            continue
        things = [o.target for o in item.options if o.kind == "dataset"] if item.code == "m" else [str(item.data)]
        single = not item.text.lower().endswith("s")
        average = next((m for m in schema.model.metrics if (a := schema.averaged_over(m)) and a[1] in things), None)
        if single and average is not None and (spread or any(i.code in "dfm" for i in items[: n - 1])):
            link = Link("metric", average.name, item.score, True)
            made[n] = replace(item.linked(link), options=(link,))
    return _highest_of_its(made, schema)


_HIGHS = frozenset(["highest", "lowest", "largest", "smallest", "biggest", "greatest"])


def _highest_of_its(items: list[Item], schema: Schema) -> list[Item]:
    """ "which listing got the highest bid": the one with the bid of the most money, not the one with the most bids."""
    for n in range(2, len(items)):
        mark, item = items[n - 1], items[n]
        one = item.code == "d" and not item.before and item.text.lower() == lemma(item.text.lower())
        if mark.code != "s" or mark.text.split()[-1] not in _HIGHS or not one:
            continue
        paid = schema.currencies(str(item.data))
        asked = [i for i in items[: n - 1] if i.code == "d" and i.data != item.data]
        noun = items[n + 1 : n + 2] and items[n + 1].code in "fmd" and not items[n + 1].before
        if len(paid) != 1 or not asked or noun or not schema.belongs_to(str(item.data), str(asked[-1].data)):
            continue
        most = Aggregate(agg="max" if mark.data.descending else "min", of=paid[0])
        top = Top(None, mark.data.descending, "", MeasureRead(most, (str(item.data),)))
        end = n + 2 if [i.code for i in items[n + 1 : n + 2]] == ["O"] else n + 1  # "the highest bid of all"
        return [*items[: n - 1], replace(mark, code="N", data=top, end=item.end), *items[end:]]
    return items


def priced(items: list[Item], schema: Schema) -> list[Item]:
    """ "the two dearest products, with the price", "products priced above 5": their own price, not that of a sale of
    theirs."""
    made = list(items)
    for n, item in enumerate(items):
        if item.code == "f" and n and items[n - 1].code == "d" and item.text.lower() in ("priced", "costing"):
            own = schema.about(str(items[n - 1].data), PRICES, near=False)
            made[n] = item.linked(Link("field", own, item.score, True)) if own else item
            continue
        said = item.code == "f" and item.text.lower() in ("price", "prices") and [i for i in items if i.code == "d"]
        if said and (own := schema.about(str(said[0].data), PRICES, near=False)):
            if schema.owner(str(item.data)) not in [i.data for i in said]:
                made[n] = item.linked(Link("field", own, item.score, True))
            continue
        thing = next((i for m, i in enumerate(items[1:n], 1) if i.code == "d" and items[m - 1].code == "s"), None)
        mark = items[items.index(thing) - 1] if thing is not None else None
        if item.code != "f" or mark is None or thing is None or mark.data.about != "price":
            continue
        own = schema.about(str(thing.data), PRICES, near=False)
        if own and schema.owner(str(item.data)) != thing.data and set(PRICES) & schema.noun_of(str(item.data)):
            made[n] = item.linked(Link("field", own, item.score, True))
    return made


def numbers_of_things(items: list[Item], schema: Schema) -> list[Item]:
    """ "the number of matches", where each match also has a number: how many there are."""
    made: list[Item] = []
    for item in items:
        match = re.fullmatch(r"(?:the )?(?:total )?number of (?:the |our |all )*(\w+s)", item.text.lower())
        owner = schema.owner(str(item.data)) if match and item.code == "f" else None
        if match is None or owner is None or lemma(match[1]) not in schema.noun(owner):
            made.append(item)
            continue
        if made and made[-1].code == "a" and made[-1].data == "sum":
            item = replace(item, before=made.pop().before)
        made += [
            Item("c", item.start, item.end - 1, "number of", before=item.before),
            rows_of(owner, item.end - 1, item.end, match[1]),
        ]
    return made


def over_all(items: list[Item], schema: Schema) -> list[Item]:
    """ "the average fee across our active doctors", "average salary per employee": of all of them, where it is each
    one's own."""
    made = list(items)
    for n, item in enumerate(items):
        if item.code == "y" and n + 1 < len(items) and item.text.split(" ")[-1] == "all" and items[n + 1].code == "d":
            figure = next((i for i in reversed(items[:n]) if i.code in "mf"), None)
            if figure is not None and _rows_of(figure, schema) == items[n + 1].data:  # "given in all evaluations"
                made[n] = replace(item, code="O", text="of")
                continue
        if item.code != "y" or item.text not in ("across", "per", "for all") or not n or items[n - 1].code != "f":
            continue
        said = "".join(i.code for i in items[n + 1 : n + 4])
        if item.text == "for all" and (said[:2] in ("vd", "Cd") or said[:2] == "dh"):
            made[n] = replace(item, code="O", text="of")  # "… for all active members": of these, not of each
            continue
        if item.text == "per" and (n < 2 or items[n - 2].code != "a"):
            continue
        noun = next((i for i in items[n + 1 :] if i.code not in "v&."), None)
        owner = schema.owner(str(items[n - 1].data))
        if noun is not None and noun.code in "df" and owner in (noun.data, schema.owner(str(noun.data))):
            people = noun.code == "d" or schema.is_flag(str(noun.data))
            made[n] = replace(item, code="O", text="of") if people else item
    return made


def _rows_of(figure: Item, schema: Schema) -> str:
    """The dataset whose rows a figure is of."""
    if figure.code == "f":
        return schema.owner(str(figure.data))
    return next(iter(schema.metric_datasets(schema.model.metric(str(figure.data)))), "")


def amounts_alone(items: list[Item], schema: Schema) -> list[Item]:
    """ "cases sold", "hours worked last month": how many in all."""
    codes = "".join(i.code for i in items)
    field = str(items[0].data) if re.fullmatch(r"f[jOh]*w?", codes) and "j" in codes else None
    if field is None or not schema.adds_up(field) or schema.field(field).role != "measure":
        return items
    read = MeasureRead(Aggregate(agg="sum", of=field), (schema.owner(field),))
    return [replace(items[0], code="M", data=read, options=()), *items[1:]]


def figures_compared(items: list[Item], schema: Schema) -> list[Item]:
    """ "gross vs net in October": both figures."""
    made = list(items)
    for n in range(1, len(items) - 1):
        sides = (items[n - 1], items[n + 1])
        both = items[n].code == "V" and all(i.code == "f" and schema.adds_up(str(i.data)) for i in sides)
        if both and schema.owner(str(sides[0].data)) == schema.owner(str(sides[1].data)):
            reads = [MeasureRead(Aggregate(agg="sum", of=str(i.data)), (schema.owner(str(i.data)),)) for i in sides]
            made[n - 1] = replace(sides[0], code="M", data=reads[0], options=())
            made[n] = replace(items[n], code="&", data=None)
            made[n + 1] = replace(sides[1], code="M", data=reads[1], options=())
    return made


def beside_counts(items: list[Item], schema: Schema) -> list[Item]:
    """ "sessions and orders by source", which nothing ties to each other: how many in all, and how many there are."""
    codes = "".join(i.code for i in items)
    match = re.match(r"[lqh]*(?:f(?=&d[yg])&d|d(?=&f[yg])&f)", codes)
    if match is None:
        return items
    made = list(items)
    for n in range(match.end() - 3, match.end()):
        item = items[n]
        if item.code == "f" and schema.adds_up(str(item.data)) and schema.field(str(item.data)).role == "measure":
            read = MeasureRead(Aggregate(agg="sum", of=str(item.data)), (schema.owner(str(item.data)),))
        elif item.code == "d" and schema.happens(str(item.data)):
            read = rows_counted(str(item.data))
        elif item.code == "&":
            continue
        else:
            return items
        made[n] = replace(item, code="M", data=read, options=item.options)
    return made


def plain_counts(items: list[Item], schema: Schema) -> list[Item]:
    """ "by number of kids", where a field says that: a grouping, not a count. "Did we give" is no order to list."""
    made: list[Item] = []
    for n, item in enumerate(items):
        if item.code == "l" and (
            re.search(r"\b(we|they|i|you|he|she)$", item.before) or (made and made[-1].code == "z")
        ):
            continue
        after = items[n + 1] if n + 1 < len(items) else None
        grouped = bool(made) and made[-1].code in "y&" and any(i.code == "y" for i in made)
        text = after is not None and after.code == "f" and schema.field(str(after.data)).type == "text"
        if item.code == "c" and grouped and text:
            continue
        if item.code == "f" and made and made[-1].code == "c" and (rows := _rows_told_by(item, schema)):
            link = Link("dataset", rows, 0.85, False)
            item = replace(item, code="d", data=rows, score=0.85, options=(link,))
        alone = item.code == "c" and n and item.text in ("count", "number") and (after is None or after.code in "yg&t")
        known = next((i for i in items[:n] if i.code == "d"), None) if alone else None
        if known is not None:  # "… : count and total amount", "count per weekday"
            if after is not None and after.code == "&":
                count = MeasureRead(schema.count_metric(str(known.data)), (str(known.data),), counted=str(known.data))
                made.append(replace(item, code="M", data=count))
            continue
        made.append(item)
    return made


def _rows_told_by(item: Item, schema: Schema) -> str | None:
    """ "the number of deals", of transfers with a deal type: the rows that a kind is of."""
    field = schema.field(str(item.data))
    words = (field.label or field.name).lower().split()
    said = {lemma(w) for w in item.text.lower().split()}
    kind = field.role == "category" and len(words) > 1 and words[-1] in ("type", "kind", "category", "status", "class")
    return schema.owner(str(item.data)) if kind and said == set(words[:-1]) else None


def told_by_counts(items: list[Item], schema: Schema) -> list[Item]:
    """ "rent by number of bedrooms": for each number of them; "two bedroom units" have that many."""
    for n in range(2, len(items)):
        mark, word, field = items[n - 2 : n + 1]
        counts = field.code == "f" and schema.is_number(str(field.data)) and not field.before
        if counts and mark.code == "y" and word.code == "c" and word.text == "number of":
            return [*items[: n - 1], replace(field, before=""), *items[n + 1 :]]
    for n in range(len(items) - 2):
        number, field, rows = items[n : n + 3]
        counts = number.code == "n" and field.code == "f" and rows.code == "d" and not (field.before or rows.before)
        own = counts and schema.is_number(str(field.data)) and schema.owner(str(field.data)) == rows.data
        value = getattr(number.data, "value", None)
        if own and value is not None and (not n or items[n - 1].code not in "oTsb"):
            cond = Cond(((str(field.data), Compare(field=str(field.data), op="=", value=value)),), text=field.text)
            made = Item("C", number.start, field.end, f"{number.text} {field.text}", cond, 0.9, before=number.before)
            return [*items[:n], made, *items[n + 2 :]]
    return items


def rates_are_no_amounts(items: list[Item], schema: Schema) -> list[Item]:
    """ "how much do we give in bursaries", where only the percentage of each is known: unread, rather than a list."""
    figures = [n for n, i in enumerate(items) if i.code in "fmMa"]
    if not items or items[0].code != "q" or items[0].data != "much" or len(figures) != 1:
        return items
    n = figures[0]
    field = schema.field(str(items[n].data)) if items[n].code == "f" and schema.is_number(str(items[n].data)) else None
    if field is None or field.unit != "percent" or any(i.code in "sTN" for i in items):
        return items
    return [*items[:n], items[n].unread(), *items[n + 1 :]]


def costs_by_name(items: list[Item], schema: Schema) -> list[Item]:
    """ "freight cost", "delivery charges": of what is a sum of money itself, whatever else is called a cost."""
    made: list[Item] = []
    for item in items:
        left = made[-1] if made else None
        said = item.text.lower() in _CHARGES and not item.before and item.code in "fm." and item.score < 0.95
        if said and left is not None and left.code == "f" and schema.adds_up(str(left.data)):
            made[-1] = replace(left, end=item.end)
            continue
        made.append(item)
    return made


_CHARGES = frozenset(["cost", "costs", "charge", "charges", "expense", "expenses"])


def averages_first(items: list[Item], _: Schema) -> list[Item]:
    """ "how much discount per basket on average" is the average discount per basket."""
    at = next((n for n, i in enumerate(items) if i.code == "a" and i.text in ("on average", "on avg")), None)
    per = any(i.code in "dm" and re.search(r"\b(in|on|at|to) (a|an|each|one)$", i.before) for i in items)
    per = per or any(i.code == "y" and i.text in ("per", "each", "every", "for each") for i in items)
    noun = next((n for n, i in enumerate(items) if i.code in "cmfM"), None)
    if at is not None and any(i.code == "m" and "per" in i.text.lower().split() for i in items):
        return [i for i in items if i is not items[at]]  # "units per basket on average"
    if at is None or noun is None or not per or noun in (at + 1, at - 1):
        return items
    rest = [i for i in items if i is not items[at]]
    noun = rest.index(items[noun])
    return [*rest[:noun], replace(items[at], before=""), *rest[noun:]]


def of_its_rows(items: list[Item], schema: Schema) -> list[Item]:
    """ "the average grade on degrees by faculty": the rows that have the grade, which nothing is grouped by."""
    made: list[Item] = []
    for n, item in enumerate(items):
        figure = items[n - 1] if n > 1 and items[n - 2].code == "a" else None
        own = figure is not None and figure.code == "f" and schema.owner(str(figure.data)) == item.data
        if item.code == "d" and own and item.before in ("on", "in", "for", "from", "among"):
            continue
        made.append(item)
    return made


def extremes_of_rows(items: list[Item], schema: Schema) -> list[Item]:
    """ "the highest value on a single line": of the rows that have the field, not of a total of them."""
    for n in range(len(items) - 2):
        mark, figure, row = items[n : n + 3]
        if mark.code != "s" or mark.data.about or figure.code != "f" or row.code != "d":
            continue
        own = schema.is_number(str(figure.data)) and schema.owner(str(figure.data)) == row.data
        asked = any(i.code in "qldfmv" for i in items[:n]) and items[0].text not in ("what", "show", "give", "tell me")
        if not own or asked or not re.fullmatch(r"(on|in|of|for|at|from) (a|an|one|any|any one)", row.before):
            continue
        end = next((m for m in range(n + 3, len(items)) if items[m].code != "d" or items[m].before), len(items))
        extreme = replace(mark, code="a", data="max" if mark.data.descending else "min")
        return [*items[:n], extreme, figure, *items[end:]]
    return items


def compound_figures(items: list[Item], schema: Schema) -> list[Item]:
    """ "average user session duration": the sessions' duration, not the users'."""
    made: list[Item] = []
    thing: str | None = None
    for n, item in enumerate(items):
        after = items[n + 1] if n + 1 < len(items) else None
        if thing is not None:
            own = tuple(
                o for o in item.options if o.kind == "field" and schema.belongs_to(schema.owner(o.target), thing)
            )
            item, thing = replace(item, options=own or item.options), None
        if item.code == "d" and after is not None and _is_of_that(items, n, schema):
            thing = str(item.data)
            continue
        made.append(item)
    return made


def _is_of_that(items: list[Item], n: int, schema: Schema) -> bool:
    """Whether a thing only says of what the figure after it is."""
    thing, figure, left = str(items[n].data), items[n + 1], items[n - 1].code if n else ""
    if figure.code != "f" or figure.before or not schema.is_number(str(figure.data)) or left not in ("", *"asOl"):
        return False
    owner = schema.owner(str(figure.data))
    if owner == thing:
        follows = items[n + 2].code if n + 2 < len(items) else ""
        plain = left in ("", "l") and follows in ("", "y") and figure.start == items[n].end
        return left == "a" or plain  # "average invoice amount", "invoice amount by month"
    return left in tuple("asO") and schema.belongs_to(owner, thing) and figure.end - figure.start > 1


def amounts_listed(items: list[Item], _: Schema) -> list[Item]:
    """ "the paid claims, open claims and legal cost amounts": the amount of each."""
    made = list(items)
    for n, item in enumerate(items):
        if item.code != "m" or item.text.lower().split()[-1] not in ("amount", "amounts"):
            continue
        at = n
        while at >= 2 and items[at - 1].code == "&" and items[at - 2].code in "dm":
            at -= 2
            link = next((o for o in items[at].options if o.kind == "metric" and o.score > 0.9), None)
            if items[at].code == "d" and link is not None:
                made[at] = replace(items[at].linked(link), options=(link,))
    return made


def both_counted(items: list[Item], _: Schema) -> list[Item]:
    """ "the numbers of orders and customers": both are counted."""
    made: list[Item] = []
    for n, item in enumerate(items):
        before = [i.code for i in items[max(0, n - 3) : n]]
        count = items[n - 3] if before == ["c", "d", "&"] or before == ["c", "m", "&"] else None
        plural = count is not None and "number" in count.text and item.code in "dm" and item.text.endswith("s")
        if plural and count is not None and not item.before and items[n - 2].text.endswith("s"):
            made.append(replace(count, start=item.start, end=item.start, before=""))
        made.append(item)
    return made


def distributed(items: list[Item], _: Schema) -> list[Item]:
    """ "the lowest and highest price", "minimum, average and maximum age": each of the same noun."""
    codes = "".join(i.code for i in items)
    match = re.search(r"([as](?:&+[as])+)O?([fmd])", codes)
    if match is None or any(i.code == "s" and i.data.about for i in items[match.start() : match.end(1)]):
        return items
    noun = items[match.start(2)]
    made: list[Item] = []
    for item in items[match.start(1) : match.end(1)]:
        if item.code == "&":
            made.append(item)
            continue
        if item.code == "s":
            item = replace(item, code="a", data="max" if item.data.descending else "min")
        made += [item, replace(noun, before="")]
    return [*items[: match.start()], *made, *items[match.end() :]]
