"""What a word means by the words beside it, before any rule reads them: whose name, done by whom, how long.

Each rule takes the row of items and returns it with what it knows better. They run in order: a later one sees what the
earlier ones made.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.analyst.durations import lasting
from assistant.analyst.elapsed import between_moments
from assistant.analyst.item import Item
from assistant.analyst.neighbours import (
    adjectives,
    again,
    beside,
    dated,
    deeds,
    ended,
    figures,
    kinds,
    moments,
    names,
    namesakes,
    orders,
    ways,
    weekly,
    worked,
)
from assistant.analyst.neighbours.likewise import both_things, different_done, different_ones, same_as, with_or_without
from assistant.analyst.neighbours.players import role_players
from assistant.analyst.schema import Schema

Rule = Callable[[list[Item], Schema], list[Item]]

_RULES: tuple[Rule, ...] = (
    again.said_in_brackets,
    again.figures_again,
    again.kinds_of_kinds,
    again.of_its_own_name,
    again.the_average_one,
    again.the_average_again,
    namesakes.of_what_is_said,
    dated.grains_not_fields,
    weekly.on_listed_days,
    ways.pairs,
    ways.on_the_way,
    beside.same_time,
    beside.soon_after,
    kinds.dwellers,
    dated.years_before_nouns,
    dated.grains_of_dates,
    dated.dates_in_brackets,
    dated.called_after_dates,
    deeds.ties,
    figures.per_thousand,
    figures.per_doer,
    figures.figures_per,
    figures.plain_counts,
    figures.averages_first,
    orders.best_paid,
    orders.ordinals,
    figures.of_size,
    deeds.most_done,
    deeds.who_did,
    deeds.told_by_roles,
    deeds.bought_most,
    adjectives.known_people,
    adjectives.newcomers,
    adjectives.quoted_after_texts,
    moments.latest_figures,
    same_as,
    different_done,
    different_ones,
    both_things,
    with_or_without,
    kinds.compared_kinds,
    kinds.parties,
    between_moments,
    ended.current,
    ended.happened,
    ended.undone,
    ended.never_done,
    worked.compared_fields,
    ended.over_and_done,
    kinds.flags_elsewhere,
    deeds.money_moved,
    worked.row_arithmetic,
    adjectives.doers,
    adjectives.coded,
    adjectives.adjectives,
    adjectives.rated,
    moments.acts_in_time,
    figures.rows_or_money,
    figures.over_all,
    worked.untaxed,
    figures.priced,
    moments.latest_rows,
    orders.several_tops,
    orders.ranked_by_happenings,
    orders.after_colon,
    names.of_numbered,
    names.identified,
    deeds.verbs_as_figures,
    moments.counted_times,
    again.figures_done,
    again.objects_of_deeds,
    figures.extremes_of_rows,
    figures.of_its_rows,
    figures.compound_figures,
    names.known_only,
    names.listed_with,
    names.their_own,
    names.listed_names,
    lasting,
    names.apposed,
    deeds.spent_per,
    deeds.pieces_sold,
    names.without_units,
    kinds.kinds_as_nouns,
    kinds.happenings,
    figures.per_some,
    orders.ranked_by_deeds,
    names.flagged,
    orders.most_common,
    kinds.called_by_a_field,
    kinds.opposed,
    figures.distributed,
    figures.both_counted,
    figures.amounts_listed,
    role_players,
    orders.counted_tops,
    moments.moments,
    moments.of_their_own,
    deeds.done,
    deeds.tied,
    deeds.done_by_one,
    names.superiors,
    names.said_twice,
    names.things,
    orders.turned,
    orders.further_groups,
    names.owned,
)


def prepared(items: list[Item], schema: Schema) -> list[Item]:
    """The items with all that their neighbours say of them."""
    for rule in _RULES:
        items = rule(items, schema)
    return items
