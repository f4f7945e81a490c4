"""The profiler: a database that nobody described, made a SemanticModel.

It looks at every table once (at a sample of large ones), finds types, keys and joins, says what each column is for, and
names everything in words that a person would use.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path

import duckdb
from pydantic import TypeAdapter, ValidationError

from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.profile import roles
from knowledge.profile.agreements import agreeing_ways
from knowledge.profile.columns import (
    COUNTED,
    SAMPLE_ROWS,
    ColumnFacts,
    Table,
    TableFacts,
    field_name,
    quoted,
    read_table,
    repeats,
)
from knowledge.profile.conformed import conformed_fields
from knowledge.profile.decoded import called_without_code, code_lists, decoded_fields
from knowledge.profile.derived import derived_fields
from knowledge.profile.joins import Join, composite_joins, declared_joins, inferred_joins
from knowledge.profile.keys import candidates, declared_keys, primary_key
from knowledge.profile.likeness import Naming, name_things
from knowledge.profile.mass import called_by_figure
from knowledge.profile.metrics import standard_metrics
from knowledge.profile.naming import (
    all_things,
    dataset_names,
    field_label,
    name_field,
    relationships,
    thing_synonyms,
    told_by,
)
from knowledge.profile.polymorphic import polymorphic_joins, told_apart
from knowledge.profile.reached import times_of_states
from knowledge.profile.reveal import reveal
from knowledge.profile.sayings import joining_names, leaving_names, money_said, spans_said
from knowledge.profile.strays import with_strays
from knowledge.profile.times import default_time
from knowledge.profile.undated import with_undated
from knowledge.profile.wares import costs_of_each, prices_of_sales
from knowledge.warehouse.duckdb import connect
from knowledge.words import label, listed, singular, split, table_pieces

_VERSION = 105
_COPY = 0.7
"""The part of a view's columns that its tables have, too, from which on it is left out."""
_TIMES = ("date", "timestamp", "time")
_MODEL = TypeAdapter(SemanticModel)


def profile_database(
    path: Path, *, name: str, tables: Collection[str] | None = None, sample_rows: int = SAMPLE_ROWS
) -> SemanticModel:
    """The semantic model of a DuckDB file, from the data itself; of some of its tables only, if named. Of a table with
    more than twice `sample_rows` rows a sample is read.

    Raises duckdb.Error for a file that can't be opened."""
    con = connect(path)
    try:
        facts = _read(con, tables, sample_rows)
        naming = name_things(facts)
        found, keys = _keys_and_joins(con, facts, naming)
        model = _model(name, facts, naming, keys, found, con)
        seen = replace(model, agreements=agreeing_ways(model, con), state_times=times_of_states(model, con))
        return with_undated(with_strays(replace(seen, conformed=conformed_fields(seen)), con), con)
    finally:
        con.close()


def load_or_profile(path: Path, state_dir: Path, name: str, tables: Collection[str] | None = None) -> SemanticModel:
    """The profile of a DuckDB file, kept under `state_dir` while the file stays the same."""
    stat = path.stat()
    chosen = sorted(tables) if tables is not None else None
    mark = blake2b(
        repr((str(path.resolve()), stat.st_size, stat.st_mtime_ns, name, chosen, _VERSION)).encode(), digest_size=12
    )
    kept = state_dir / "profiles" / f"{path.stem}-{mark.hexdigest()}.json"
    if kept.exists():
        try:
            return _MODEL.validate_json(kept.read_bytes())
        except (ValidationError, OSError):
            kept.unlink(missing_ok=True)
    model = profile_database(path, name=name, tables=tables)
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_suffix(".part")
    draft.write_bytes(_MODEL.dump_json(model))
    draft.replace(kept)
    return model


def _read(con: duckdb.DuckDBPyConnection, wanted: Collection[str] | None, sample_rows: int) -> list[TableFacts]:
    comments = _comments(con)
    read = []
    for at, columns in _tables(con, wanted):
        try:
            table = read_table(con, *at, columns, sample_rows)
            reveal(con, table)
        except duckdb.Error:
            continue  # a view of what is no longer there, or of a file
        table.comment = comments.get((*at, ""), "")
        for column in table.columns:
            column.comment = comments.get((*at, column.name), "")
        read.append(table)
    return read


def _comments(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], str]:
    """What `COMMENT ON` says of tables ("" for the column) and columns."""
    rows = con.execute(
        "SELECT schema_name, table_name, '', comment FROM duckdb_tables() WHERE comment IS NOT NULL UNION ALL "
        "SELECT schema_name, view_name, '', comment FROM duckdb_views() WHERE comment IS NOT NULL UNION ALL "
        "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns() WHERE comment IS NOT NULL"
    ).fetchall()
    return {(schema, table, column): comment for schema, table, column, comment in rows}


def _tables(
    con: duckdb.DuckDBPyConnection, wanted: Collection[str] | None
) -> list[tuple[Table, list[tuple[str, str]]]]:
    """Tables, then views, with their columns' names and types; without those that tools keep for themselves."""
    views = {
        (row[0], row[1])
        for row in con.execute(
            "SELECT schema_name, view_name FROM duckdb_views() "
            "WHERE NOT internal AND database_name = current_database()"
        ).fetchall()
    }
    found: dict[Table, list[tuple[str, str]]] = defaultdict(list)
    for schema, table, column, declared in con.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE NOT internal AND database_name = current_database() ORDER BY schema_name, table_name, column_index"
    ).fetchall():
        if (wanted is None and not _is_tools(table)) or (wanted is not None and table in wanted):
            found[schema, table].append((column, declared))
    base = {column.lower() for at, columns in found.items() if at not in views for column, _ in columns}
    for at in views & set(found):
        copied = sum(column.lower() in base for column, _ in found[at])
        if wanted is None and copied >= _COPY * len(found[at]):
            del found[at]  # it shows what the tables hold, and would make every question ambiguous
    return sorted(found.items(), key=lambda item: (item[0] in views, item[0]))


def _is_tools(table: str) -> bool:
    lower = table.lower()
    return lower in listed("tables", "tools") or lower.startswith(tuple(listed("tables", "tool_prefixes")))


def _keys_and_joins(
    con: duckdb.DuckDBPyConnection, tables: Sequence[TableFacts], naming: Naming
) -> tuple[list[Join], dict[Table, tuple[str, ...]]]:
    declared = declared_keys(con)
    possible = candidates(tables, naming)
    for table in tables:
        key = declared.get(table.at, ())
        if len(key) == 1:
            column = table.column(key[0])
            possible[table.at] = [column, *(c for c in possible.get(table.at, ()) if c is not column)]
    found = declared_joins(con, tables)
    found += [
        j
        for j in polymorphic_joins(con, tables, naming, possible)
        if j.columns not in {f.columns for f in found if f.many == j.many}
    ]
    found += inferred_joins(con, tables, naming, possible, found)
    found = told_apart(con, tables, naming, found)
    found = [j for j in found if j.declared or not _seems_unique_only(con, tables, j.one, j.to)]
    keys = {t.at: declared.get(t.at) or primary_key(con, t, naming, possible.get(t.at, ()), found) for t in tables}
    found += composite_joins(con, tables, keys, found)
    return [replace(j, one_to_one=_one_to_one(con, tables, j, keys)) for j in found], keys


def _one_to_one(
    con: duckdb.DuckDBPyConnection, tables: Sequence[TableFacts], join: Join, keys: dict[Table, tuple[str, ...]]
) -> bool:
    its_own = keys[join.many] == join.columns and join.one != join.many
    return its_own and not _seems_unique_only(con, tables, join.many, join.columns)


def _seems_unique_only(
    con: duckdb.DuckDBPyConnection, tables: Sequence[TableFacts], at: Table, columns: tuple[str, ...]
) -> bool:
    """Whether a column of a very large table, so far taken for unique by an estimate, has a value twice."""
    table = next(t for t in tables if t.at == at)
    return table.rows > COUNTED and len(columns) == 1 and repeats(con, table, table.column(columns[0]))


def _model(
    name: str,
    tables: Sequence[TableFacts],
    naming: Naming,
    keys: dict[Table, tuple[str, ...]],
    found: Sequence[Join],
    con: duckdb.DuckDBPyConnection,
) -> SemanticModel:
    names = dataset_names(tables)
    things = all_things(tables, keys, naming)
    joins = {(j.many, c): j for j in found for c in j.columns}
    currency, lists = _currency(tables), code_lists(con, tables)
    datasets = []
    for table in tables:
        fields = tuple(
            _field(c, table, naming, keys[table.at], joins.get((table.at, c.name)), things, currency)
            for c in table.columns
        )
        fields += derived_fields(table, fields, things[table.at], con)
        fields += decoded_fields(con, table, fields, things[table.at], lists)
        fields = called_without_code(fields)
        time = default_time(fields, things[table.at].split(), table.rows)
        fields = costs_of_each(fields, things[table.at], dated=time is not None)
        fields = prices_of_sales(fields, things[table.at], dated=time is not None)
        key = tuple(map(field_name, keys[table.at]))
        named, made = name_field(fields, things[table.at], key, table.rows)
        fields = fields if named or made else told_by(fields, things[table.at])
        datasets.append(
            Dataset(
                name=names[table.at],
                source=table.source,
                fields=tuple(replace(f, role="name") if _names(f, named) else f for f in (*fields, *made)),
                primary_key=key,
                label=things[table.at],
                description=table.comment,
                synonyms=(
                    *thing_synonyms(things[table.at], list(things.values()), [f.label for f in fields], keys[table.at]),
                    *(("row", "record") if len(tables) == 1 else ()),
                ),
                name_field=made[0].name if made else named,
                default_time=time,
                row_count=table.rows,
            )
        )
    datasets = [called_by_figure(d) for d in datasets]
    related = tuple(relationships(found, names, naming, things))
    return SemanticModel(
        name=name,
        label=label(name),
        datasets=tuple(datasets),
        relationships=related,
        metrics=standard_metrics(datasets, related),
        currency=currency,
    )


def _field(
    column: ColumnFacts,
    table: TableFacts,
    naming: Naming,
    key: tuple[str, ...],
    join: Join | None,
    things: dict[Table, str],
    currency: str | None,
) -> ModelField:
    said, others = field_label(
        column.called or column.name,
        naming.prefixes[table.at],
        naming.shared,
        column.type in _TIMES,
        table_pieces(table.name),
        naming.shortened,
    )
    said, others = _inside_label(column, table, said, others)
    if said.lower() == things[table.at] and split(column.name)[-1] in ("txt", "text"):
        said, others = (
            f"{said} text",
            tuple(o for o in others if o != f"{said} text"),
        )  # what a claim says, no name of it
    if column.unit == "cents" and said.endswith(" cents"):
        said, others = said.removesuffix(" cents").removesuffix(" in"), (said, *others)
    initial = naming.columns[table.at, column.name]
    if initial.key == "id" and len("".join(initial.thing)) <= 2 and len(said) <= 4 and (join or key == (column.name,)):
        said, others = f"{things[join.one if join and key != (column.name,) else table.at]} id", (said,)
    if key == (column.name,) and said.lower() in ("id", "key", "code", "number", "identifier"):
        said, others = f"{things[table.at]} {said}", (said, *others)
    if column.type in _TIMES:
        people = (*joining_names(said, things[table.at]), *leaving_names(said, things[table.at]))
        others = tuple(dict.fromkeys((*others, *people)))
    words = [singular(w) for w in said.lower().split()]
    if join and join.cast:
        column.sql, column.type = (
            f"TRY_CAST({quoted(column.name)} AS {join.cast})",
            "integer" if join.cast == "BIGINT" else "text",
        )
    kind = roles.role(
        column, words, is_key=key == (column.name,), is_foreign=join is not None and key != (column.name,)
    )
    if kind == "measure" and " ".join(words) == f"{things[table.at]} number":
        kind = "number"  # which match it was, not how many
    unit = roles.unit(column, words, kind, currency)
    money = money_said(said) if column.unit == "cents" and kind in ("measure", "number") else ()
    others = tuple(dict.fromkeys((*others, *spans_said(said, unit), *money)))
    return ModelField(
        name=field_name(column.name),
        sql=column.sql,
        type=column.type,
        role=kind,
        label=said,
        description=column.comment,
        synonyms=others,
        unit=unit,
        additivity="non_additive" if unit == "percent" else roles.additivity(words, kind),
        distinct=column.distinct,
        nulls=round(1 - column.filled / column.rows, 4) if column.rows else 0.0,
        samples=tuple(column.samples),
        minimum=_plain(column.minimum),
        maximum=_plain(column.maximum),
        hidden=roles.hidden(column, words, kind) or any(c.called == column.name for c in table.columns),
        unread=round(column.unread / column.filled, 4) if column.filled else 0.0,
        stored=quoted(column.name) if column.converted and column.declared.upper().startswith("VARCHAR") else None,
    )


def _names(field: ModelField, name: str | None) -> bool:
    return field.name == name and field.role in ("text", "category")


def _inside_label(
    column: ColumnFacts, table: TableFacts, said: str, others: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """What is inside a column called "metadata" goes by its own name."""
    outer = next((c for c in table.columns if c.type == "json" and column.name.startswith(f"{c.name}_")), None)
    if column.declared == "JSON" and outer and outer.name.lower() in listed("columns", "containers"):
        return field_label(column.name[len(outer.name) + 1 :], (), ())[0], (said, *others)
    return said, others


def _currency(tables: Sequence[TableFacts]) -> str | None:
    """The one currency that all money seems to be in: by a currency column with one value, or by columns' units."""
    seen: Counter[str] = Counter()
    for table in tables:
        for column in table.columns:
            words = field_label(column.name, (), ())[0].lower().split()
            if "currency" in words and column.type == "text":
                if column.distinct > 1:
                    return None
                seen.update(str(v) for v in column.samples if len(str(v)) == 3 and str(v).isupper())
            unit = roles.unit(column, [singular(w) for w in words], "measure", None)
            if unit and len(unit) == 3 and unit.isupper() and unit != "KWH":
                seen[unit] += 1
    return next(iter(seen)) if len(seen) == 1 else None


def _plain(value: object) -> str | float | int | None:
    if value is None or isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return float(value) if type(value).__name__ == "Decimal" else str(value)  # type: ignore[arg-type]
