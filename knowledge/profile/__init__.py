"""The profiler: a database that nobody described, made a SemanticModel.

It looks at every table once (at a sample of large ones), finds types, keys and joins, says what each column is for, and
names everything in words that a person would use.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import blake2b
from pathlib import Path

import duckdb
from pydantic import TypeAdapter, ValidationError

from knowledge.model import Dataset, Metric, ModelField, Relationship, SemanticModel
from knowledge.profile import roles
from knowledge.profile.columns import SAMPLE_ROWS, ColumnFacts, TableFacts, read_table
from knowledge.profile.keys import Join, Table, joins, primary_keys, role_name
from knowledge.warehouse.duckdb import connect
from knowledge.words import label, plural, shared_prefix, singular, split, table_pieces

_VERSION = 5
_MODEL = TypeAdapter(SemanticModel)


def profile_database(
    path: Path, *, name: str, tables: Collection[str] | None = None, sample_rows: int = SAMPLE_ROWS
) -> SemanticModel:
    """The semantic model of a DuckDB file, from the data itself; of some of its tables only, if named.

    Raises duckdb.Error for a file that can't be opened."""
    con = connect(path)
    try:
        found = con.execute(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1, 2"
        ).fetchall()
        facts = [read_table(con, s, t, sample_rows) for s, t in found if tables is None or t in tables]
        keys = primary_keys(con, facts)
        return _model(name, facts, keys, joins(con, facts, keys))
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


def _model(name: str, tables: list[TableFacts], keys: dict[Table, tuple[str, ...]], found: list[Join]) -> SemanticModel:
    table_prefix = shared_prefix([t.name for t in tables])
    names = _dataset_names(tables)
    relationships = _relationships(tables, names, found)
    foreign = {(j.many, c) for j in found for c in j.columns if not j.one_to_one}
    datasets = [_dataset(t, names, keys[t.schema, t.name], foreign, table_prefix) for t in tables]
    datasets = [_with_time(d) for d in datasets]
    return SemanticModel(
        name=name,
        label=label(name),
        datasets=tuple(datasets),
        relationships=tuple(relationships),
        metrics=(),
        currency=next((f.unit for d in datasets for f in d.fields if f.unit in ("USD", "EUR", "GBP")), None),
    )


def _dataset_names(tables: list[TableFacts]) -> dict[Table, str]:
    counts: dict[str, int] = {}
    for table in tables:
        counts[table.name] = counts.get(table.name, 0) + 1
    return {
        (t.schema, t.name): (t.name if counts[t.name] == 1 else f"{t.schema}_{t.name}")
        .replace(".", "_")
        .replace("@", "_")
        for t in tables
    }


def _relationships(tables: list[TableFacts], names: dict[Table, str], found: list[Join]) -> list[Relationship]:
    by_table = {(t.schema, t.name): t for t in tables}
    made: list[Relationship] = []
    used: set[str] = set()
    for join in found:
        prefix = shared_prefix([c.name for c in by_table[join.many].columns])
        name = role_name(join, prefix)
        if name in used:
            name = f"{names[join.many]}_{name}"
        if name in used:
            name = f"{name}_{names[join.one]}"
        used.add(name)
        made.append(
            Relationship(
                name,
                names[join.many],
                names[join.one],
                join.columns,
                join.to,
                one_to_one=join.one_to_one,
                inferred=not join.declared,
            )
        )
    return made


def _dataset(
    table: TableFacts,
    names: dict[Table, str],
    key: tuple[str, ...],
    foreign: set[tuple[Table, str]],
    table_prefix: list[str],
) -> Dataset:
    here = (table.schema, table.name)
    pieces = [p for p in table_pieces(table.name)]
    pieces = (
        pieces[len(table_prefix) :]
        if pieces[: len(table_prefix)] == table_prefix and len(pieces) > len(table_prefix)
        else pieces
    )
    words = label("_".join(pieces)).split()
    thing = " ".join([*words[:-1], singular(words[-1])]) if words else table.name
    prefix = shared_prefix([c.name for c in table.columns])
    fields = tuple(_field(c, table, key, (here, c.name) in foreign, prefix) for c in table.columns)
    name_field, extra = _name_field(table, fields, thing)
    return Dataset(
        name=names[here],
        source=table.source,
        fields=(*fields, *extra),
        primary_key=key,
        label=thing,
        name_field=name_field,
        row_count=table.rows,
    )


def _field(
    column: ColumnFacts, table: TableFacts, key: tuple[str, ...], is_foreign: bool, prefix: list[str]
) -> ModelField:
    said = label(column.name, [c.name for c in table.columns])
    words = [w.lower() for w in said.split()]
    kind = roles.role(column, words, is_key=key == (column.name,), is_foreign=is_foreign, rows=column.rows)
    return ModelField(
        name=column.name.replace(".", "_") if "." in column.name else column.name,
        sql=column.sql,
        type=column.type,
        role=kind,
        label=said,
        unit=roles.unit(column, words, kind),
        additivity=roles.additivity(column, words, kind),
        distinct=column.distinct,
        nulls=round(1 - column.filled / column.rows, 4) if column.rows else 0.0,
        samples=tuple(column.samples),
        minimum=_plain(column.minimum),
        maximum=_plain(column.maximum),
        hidden=(kind in ("key", "foreign_key") and column.type == "integer")
        or (kind == "time" and roles.is_load_time(column.name)),
    )


def _plain(value: object) -> str | float | int | None:
    if value is None or isinstance(value, int | float | str):
        return value
    return str(value)


def _name_field(
    table: TableFacts, fields: tuple[ModelField, ...], thing: str
) -> tuple[str | None, tuple[ModelField, ...]]:
    """The field that names a row for people; made of first and last name where they are apart."""
    by_label = {f.label.lower(): f for f in fields if f.type == "text"}
    first, last = by_label.get("first name"), by_label.get("last name")
    thing_words = thing.lower().split()
    for said in (
        "name",
        f"{thing} name",
        f"{thing_words[-1]} name" if thing_words else "",
        "full name",
        "title",
        f"{thing} title",
        "display name",
        "label",
        "username",
        "user name",
    ):
        if said and said in by_label:
            return by_label[said].name, ()
    if first and last:
        made = ModelField(
            "full_name",
            f"concat_ws(' ', {first.sql}, {last.sql})",
            "text",
            "name",
            "name",
            synonyms=("full name",),
            distinct=max(first.distinct or 0, last.distinct or 0),
        )
        return made.name, (made,)
    named = [
        f
        for f in fields
        if f.type == "text" and f.role != "foreign_key" and set(split(f.name)) & {"name", "nm", "title"}
    ]
    if len(named) == 1:
        return named[0].name, ()
    own = [f for f in named if set(f.label.lower().split()) & set(thing_words)]
    if own:
        return own[0].name, ()
    for field in fields:
        if (
            field.type == "text"
            and field.role in ("code", "key")
            and "number" in field.label.lower().split()
            and table.column(field.name).unique
        ):
            return field.name, ()
    return None, ()


def _with_time(dataset: Dataset) -> Dataset:
    times = [f for f in dataset.fields if f.type in ("date", "timestamp")]
    ranked = sorted(times, key=lambda f: (roles.time_rank(f.label.lower().split(), f.type), f.nulls > 0.5))
    best = next((f for f in ranked if roles.time_rank(f.label.lower().split(), f.type) < 7), None)
    if best is None:
        return dataset
    from dataclasses import replace

    return replace(dataset, default_time=best.name)


__all__ = ["Metric", "load_or_profile", "plural", "profile_database"]
