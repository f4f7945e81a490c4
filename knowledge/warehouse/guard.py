"""The guard: free SQL is run only if it is one safe SELECT over tables that the asker may read.

What runs is written anew from the checked tree, so that a parser's disagreement with the database can hide nothing.
"""

from __future__ import annotations

import re

import sqlglot
import sqlglot.expressions as exp
from sqlglot.errors import SqlglotError

from knowledge.model import SemanticModel
from knowledge.warehouse import QueryRefused

_LONGEST = 20_000
_TABLE_FUNCTIONS = frozenset(
    {"unnest", "range", "generate_series", "generateseries", "explode", "exploding_generate_series"}
)
_FORBIDDEN = re.compile(
    r"^(read_|sniff_|parquet_|glob$|duckdb_|pragma_|query$|query_table$|load_|install_|getenv|getvariable|current_setting|set_|which_secret|"
    r"copy|attach|json_execute|sql_auto|icu_calendar|test_|arrow_scan|pandas_scan|python_|sqlite_|postgres_|mysql_|iceberg_|delta_|st_read|"
    r"seq_scan|dbgen|dsdgen|checkpoint|force_checkpoint|repeat_row|summary$|storage_info|from_substrait|enable_|disable_|write_|in_search_path|"
    r"nextval|currval|txid_current|version$|current_database|current_schema|current_user|session_user|user$|pg_)",
    re.I,
)
_SYSTEM = frozenset({"information_schema", "pg_catalog", "system", "temp", "duckdb_internal"})
_ROOTS = (exp.Select, exp.SetOperation, exp.Subquery)
_REFUSED_NODES = (
    exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.Command, exp.Copy, exp.Attach, exp.Detach,
    exp.Pragma, exp.Set, exp.Use, exp.Into, exp.Lock, exp.TruncateTable, exp.Parameter, exp.Placeholder, exp.LoadData,
)  # fmt: skip


def check_select(sql: str | exp.Expression, dialect: str = "duckdb", allowed: set[str] | None = None) -> exp.Expression:
    """The parsed query, if it is one safe SELECT. `allowed`: the tables that may be read ("orders" or "main.orders").

    Raises QueryRefused, naming the part that is not allowed."""
    tree = _parse(sql, dialect) if isinstance(sql, str) else sql
    if not isinstance(tree, _ROOTS):
        raise QueryRefused(
            f"Only a SELECT can be run here, not {type(tree).__name__.upper()}. Ask for the rows you want to see."
        )
    names = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for node in tree.walk():
        if isinstance(node, _REFUSED_NODES):
            raise QueryRefused(f"{type(node).__name__.upper()} is not allowed: the query may only read.")
        if isinstance(node, exp.Table):
            _check_table(node, names, allowed)
        elif isinstance(node, exp.Func):
            _check_function(node)
        elif isinstance(node, exp.With) and node.args.get("recursive"):
            raise QueryRefused("Recursive queries are not allowed: they may not end.")
    return tree


def _parse(sql: str, dialect: str) -> exp.Expression:
    if len(sql) > _LONGEST:
        raise QueryRefused(
            f"The query is {len(sql):,} characters long; at most {_LONGEST:,} are read. Ask for less at once."
        )
    if "\x00" in sql:
        raise QueryRefused("The query has a character that no query needs (NUL).")
    try:
        statements = [s for s in sqlglot.parse(sql, read=dialect) if s is not None]
    except (SqlglotError, RecursionError) as error:
        raise QueryRefused(f"This is not a query that can be read: {str(error).splitlines()[0][:200]}") from error
    if len(statements) != 1:
        raise QueryRefused(f"One SELECT can be run at a time; here are {len(statements)} statements.")
    tree = statements[0]
    assert isinstance(tree, exp.Expression)
    return tree


def _check_table(node: exp.Table, names: set[str], allowed: set[str] | None) -> None:
    if not isinstance(node.this, exp.Identifier):
        function = node.this
        name = (
            (function.name if isinstance(function, exp.Anonymous) else function.sql_name()).lower()
            if isinstance(function, exp.Func)
            else ""
        )
        if name not in _TABLE_FUNCTIONS:
            raise QueryRefused(
                f"The table function {name or str(node.this)[:40]!r} is not allowed: read the tables that there are."
            )
        return
    table, schema, catalog = node.name, node.db, node.catalog
    said = ".".join(p for p in (catalog, schema, table) if p)
    if not schema and table.lower() in names:
        return
    if (
        schema.lower() in _SYSTEM
        or catalog.lower() in _SYSTEM
        or table.lower().startswith(("duckdb_", "pragma_", "sqlite_", "pg_"))
    ):
        raise QueryRefused(f"The system table {said!r} is not allowed.")
    if re.search(r"[/\\*?]|://|\.(csv|tsv|parquet|json|jsonl|ndjson|db|duckdb|xlsx?|txt|gz|zst)$", table, re.I):
        raise QueryRefused(f"{said!r} is a file or an address, not a table. Files are not read in a query.")
    if allowed is not None:
        known = {a.lower() for a in allowed}
        if (
            said.lower() not in known
            and f"{schema or 'main'}.{table}".lower() not in known
            and not (not schema and any(k.rpartition(".")[2] == table.lower() for k in known))
        ):
            raise QueryRefused(
                f"There is no table {said!r} that you may read. There are: {', '.join(sorted(allowed)[:12])}."
            )


def _check_function(node: exp.Func) -> None:
    name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
    if _FORBIDDEN.match(name):
        raise QueryRefused(f"The function {name.lower()!r} is not allowed: it reaches outside the tables.")


def fan_out_risk(tree: exp.Expression, model: SemanticModel) -> None:
    """Refuse an additive aggregate over a table whose rows a join repeats.

    A sum, count or average of a column of the "one" side of a one-to-many join counts each of its rows once for every row
    of the many side. COUNT(DISTINCT), MIN and MAX are not harmed. Raises QueryRefused."""
    by_source = {d.source.replace('"', "").lower(): d.name for d in model.datasets}
    by_source |= {name.rpartition(".")[2]: dataset for name, dataset in by_source.items()}
    for select in tree.find_all(exp.Select):
        tables = {t.alias_or_name: by_source.get(t.name.lower()) for t in _own_tables(select)}
        if len(tables) < 2:
            continue
        repeated = _repeated({d for d in tables.values() if d}, model)
        for aggregate in select.find_all(exp.Sum, exp.Avg, exp.Count, exp.Stddev, exp.Median):
            if aggregate.parent_select is not select or aggregate.find(exp.Distinct):
                continue
            columns = list(aggregate.find_all(exp.Column))
            owners = {tables.get(c.table) or _owner(c.name, tables, model) for c in columns}
            bad = next((o for o in owners if o in repeated), None)
            if bad is not None:
                raise QueryRefused(
                    f"{aggregate.sql()} would count rows of {bad} several times: the join with {repeated[bad]} repeats them. "
                    f"Aggregate {bad} on its own first (in a subquery), or use the query tool, which does."
                )


def _own_tables(select: exp.Select) -> list[exp.Table]:
    source = select.args.get("from_") or select.args.get("from")
    joins = select.args.get("joins") or []
    sources = [source.this] if source else []
    sources += [j.this for j in joins]
    return [s for s in sources if isinstance(s, exp.Table)]


def _repeated(datasets: set[str], model: SemanticModel) -> dict[str, str]:
    """Datasets whose rows are repeated by another joined one, with that one."""
    found: dict[str, str] = {}
    ups = {(r.many, r.one) for r in model.relationships if not r.one_to_one and {r.many, r.one} <= datasets}
    for many, one in ups:
        found[one] = many
    changed = True
    while changed:  # what is above a repeated row is repeated too, and so are siblings under one parent
        changed = False
        for many, one in ups:
            if many in found and one not in found:
                found[one], changed = found[many], True
    for many, one in ups:
        for other, same in ups:
            if same == one and other != many:
                found.setdefault(many, other)
    return found


def _owner(column: str, tables: dict[str, str | None], model: SemanticModel) -> str | None:
    owners = [
        d for d in tables.values() if d and any(f.name.lower() == column.lower() for f in model.dataset(d).fields)
    ]
    return owners[0] if len(owners) == 1 else None
