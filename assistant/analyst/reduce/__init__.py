"""From words to parts of a request: a cascade of small rules, each of which reads a few neighbouring items as one.

After the cascade the row holds, beside names, values and times, items with these codes:

    M  a measure (MeasureRead)          C  a condition on rows (Cond)
    H  a condition on groups (HavingRead)   B  what to group by (list of Group)
    N  "top 5", "the highest" (Top)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.analyst.items import Item, codes
from assistant.analyst.reduce import bounds, groups, measures, values
from assistant.analyst.schema import Schema

Rule = Callable[[list[Item], Schema], list[Item] | None]


def reduce_items(items: list[Item], schema: Schema) -> list[Item]:
    row = codes(items)
    for pattern, rule in _RULES:
        if pattern.search(row):
            items = _rewrite(items, pattern, rule, schema)
            row = codes(items)
    return items


def _rewrite(items: list[Item], pattern: re.Pattern[str], rule: Rule, schema: Schema) -> list[Item]:
    at = 0
    while True:
        match = pattern.search(codes(items), at)
        if not match:
            return items
        made = rule(items[match.start() : match.end()], schema)
        if made is None:
            at = match.start() + 1
        else:
            items = [*items[: match.start()], *made, *items[match.end() :]]
            at = match.start() + len(made)


def _rules() -> Iterator[tuple[re.Pattern[str], Rule]]:
    table: list[tuple[str, Rule]] = [
        (r"(f[hO]*)?z?p[vdfm.nqlc]", values.text_condition),
        (r"d[hO]*z?p[vdfm.nqlc]", values.text_condition),
        (r"a[vj]+[mf]", measures.aggregate_some),
        (r"aga?[mfdM]", measures.per_grain),
        (r"C\|z?p[vdfm.nqlc]", values.either_text),
        (r"cu?[vj.Ct]?[vj.Ct]?u?[dfm]", measures.count),
        (r"aO?on[fm]", bounds.average_bound),
        (r"onO?a?[Mmfd]", bounds.number_noun),
        (r"aO?[Mm](?:&+[Mm])+", measures.sum_of),
        (r"a[Ou&]*[fdmM]", measures.aggregate),
        (r"joni?", bounds.done_times),
        (r"oni", bounds.came_times),
        (r"onv+d", bounds.some_times),
        (r"Tn|ns|nT|sn", groups.top),
        (r"s|T(?=[dfgmM&hO.]|$)", groups.top),
        (r"(?<![hOCv])[mfdM]/[mfdM]", measures.ratio),
        (r"V[mfM]&[mfM]", measures.difference),
        (r"hv*dL", bounds.many_of),
        (r"[mfMj]?o?nL", bounds.part_above_average),
        (r"fh?L(?:ni)?f", bounds.own_average),
        (r"[mfMj][hO]?L(?:ni)?|L(?:ni)?[mfM]|L(?:ni)?", bounds.versus_average),
        (r"[mfM]h?bn[&V]n[mfMd]?|bn[&V]n[mfMd]?", bounds.between),
        (r"[mfMd][hO]?on", bounds.noun_number),
        (r"on", bounds.bare_bound),
        (r"[GRA]O?n?O?[mfdM]|[mM][G]", measures.flagged),
        (r"hnf", values.with_number),
        (r"dnf", values.so_many),
        (r"hz?fz?k|z?fz?k|hz?kf|z?kf", values.is_missing),
        (r"hf(?![on=khb&/pC]|vf?)|zu?f(?![onkp]|v)", values.has_some),
        (r"f[O=]?z?v(?:[&|V,]+z?v)*", values.values),
        (r"z?v(?:[&|V]+v)*f", values.values),
        (r"z?v(?:[&|V]+v)+", values.values),
        (r"zO?v", values.values),
        (r"v", values.values),
        (r"pC", values.contains_value),
        (r"cu?C+[dm]", measures.count_some),
        (r"cu?[hO]*C", measures.count_value),
        (r"[fd]n(?:[&|V]+n)*", values.equals_number),
        (r"[fd]?C[&|V][fd]?C", values.either_of),
        (r"N[mfM]", groups.top_measure),
        (r"SO?[mfdM]", measures.share),
        (r"y[mfM]", groups.order_mark),
        (r"yC+(?=[fd])", groups.group_of_some),
        (r"y[fdgt](?:[&V]*y?[fdgt](?![O]?on))*", groups.group),
        (r"HB", bounds.of_own_group),
        (r"M[hO]*B", measures.per_grain_after),
        (r"Mg", measures.averaged_by_grain),
        (r"Md", measures.averaged_in_entity),
        (r"My[fd]", measures.averaged_per_entity),
    ]  # fmt: skip
    for pattern, rule in table:
        yield re.compile(pattern), rule


_RULES = list(_rules())
