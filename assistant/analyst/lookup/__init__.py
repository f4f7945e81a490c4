"""Look-ups in one table: "which team raced at Monza?", "how many points has the club with 51 goals?".

A table that somebody uploaded rarely says what its rows are ("episode", "player"): its columns and its cells do. A
question is put together from pieces, columns and conditions, each over the words that say it, so that as few words as
can be are left unread and as little as can be is assumed:

    words.py      words of questions, headers and cells, taken apart alike
    likeness.py   how alike a word that is said and a word of a header are (alike.csv: words of tables)
    columns.py    what headers say; mentions of them
    cells.py      what the cells are
    values.py     the values that a question says
    unread.py     what it costs to leave words unread
    conditions.py the condition that a value is of a column
    pieces.py     conditions and mentions, over the words that say them; unknown.py: values that no cell is
    search.py     the cheapest ways to put a question together
    asked.py      what is asked of the rows that are left
    costs.py      what each thing that speaks against a reading weighs
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.analyst.lookup import costs
from assistant.analyst.lookup.asked import Asked, Asks
from assistant.analyst.lookup.cells import Cells
from assistant.analyst.lookup.columns import Columns
from assistant.analyst.lookup.pieces import Pieces
from assistant.analyst.lookup.search import Way, ways
from assistant.analyst.lookup.unknown import unknown_values
from assistant.analyst.lookup.words import read_words
from assistant.analyst.schema import Schema
from knowledge.request import (
    Aggregate,
    Column,
    Condition,
    FieldColumn,
    MeasureColumn,
    Order,
    Request,
)
from knowledge.warehouse import QueryFailed, QueryRefused, QueryTimeout, Warehouse

__all__ = ["Found", "TableReader"]
_ROWS, _COLUMNS = 5_000, 200
"""Of a larger table only so many rows and columns are looked through for cells."""


@dataclass(frozen=True)
class Found:
    """A request, what speaks against it (0: nothing; from `costs.LIMIT` on it is as likely wrong), and the words that
    it leaves unread."""

    request: Request
    cost: float
    left: tuple[str, ...]


class TableReader:
    """Reads look-ups of one dataset. Built once for it."""

    def __init__(self, dataset: str, schema: Schema, warehouse: Warehouse):
        self.dataset = dataset
        entry = schema.model.dataset(dataset)
        fields = entry.fields[:_COLUMNS]
        shown = ", ".join([*(f.stored or f.sql for f in fields), *(f.sql for f in fields)])
        try:
            _, rows, _ = warehouse.query(f"SELECT {shown} FROM {entry.source} AS t", max_rows=_ROWS, timeout_s=5.0)
        except (QueryFailed, QueryRefused, QueryTimeout):
            rows = []
        kept = [[row[n] for row in rows] for n in range(len(fields))]
        read = [[row[n + len(fields)] for row in rows] for n in range(len(fields))]
        self._columns = Columns(entry, kept)
        self._cells = Cells(kept, read)

    def read(self, question: str) -> Found | None:
        """The look-up that the question is, if it is one."""
        words = read_words(question)
        if not 1 < len(words) < 80:
            return None
        pieces = Pieces(words, self._columns, self._cells)
        pieces.all += unknown_values(pieces)
        asks = Asks(pieces)
        best: tuple[float, Way, Asked] | None = None
        for way in ways(pieces):
            asked = asks.best(way)
            if asked is None:
                continue
            cost = way.cost + asked.cost + _twice(way)
            if best is None or cost < best[0]:
                best = cost, way, asked
        if best is None or best[0] >= 2 * costs.LIMIT:
            return None
        cost, way, asked = best
        left = tuple(words[n].text for n in way.left if pieces.left(n) > costs.ROW_LEFT)
        return Found(self._request(way, asked), round(cost, 3), left)

    def _request(self, way: Way, asked: Asked) -> Request:
        where: list[Condition] = [p.where for p in way.pieces if p.where is not None]
        if asked.column < 0:
            return Request(columns=[MeasureColumn(measure=Aggregate(agg="count", dataset=self.dataset))], where=where)
        reference = self._columns.all[asked.column].reference
        if asked.by >= 0:
            order = Order(by=FieldColumn(field=self._columns.all[asked.by].reference), descending=asked.descending)
            column = FieldColumn(field=reference, stored=True)
            return Request(columns=[column], dataset=self.dataset, where=where, order=[order], limit=1)
        if not asked.figure:
            return Request(columns=[FieldColumn(field=reference, stored=True)], dataset=self.dataset, where=where)
        columns: list[Column] = []
        if asked.figure in ("count", "number"):
            columns.append(MeasureColumn(measure=Aggregate(agg="count", dataset=self.dataset)))
        if asked.figure != "count":
            agg = {"number": "sum", "different": "count_distinct"}.get(asked.figure, asked.figure)
            columns.append(MeasureColumn(measure=Aggregate.model_validate({"agg": agg, "of": reference})))
        return Request(columns=columns, where=where)


def _twice(way: Way) -> float:
    """What it costs that a column should be two things at once."""
    equal = [p.column for p in way.pieces if p.where is not None and p.where.op == "="]
    return costs.SAME_AGAIN * (len(equal) - len(set(equal)))
