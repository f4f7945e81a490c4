"""The guard: SQL is run only if it is one safe SELECT over tables that the asker may read.

Two parsers must agree on it. The text is parsed by sqlglot and the tree is checked; what runs is written anew from that
tree, and DuckDB's own parser must see in it the same tables and nothing that reaches outside them. So text that one
parser reads differently from the other can hide nothing.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb
import sqlglot
import sqlglot.expressions as exp
from sqlglot.errors import ErrorLevel, SqlglotError

from knowledge.warehouse import QueryRefused
from knowledge.warehouse.fanout import fan_out_risk as fan_out_risk

_LONGEST = 20_000
_TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series", "json_each", "json_tree"})
"""The only ones: they make rows of what the query holds. All others read files, settings or the catalog."""

_OUTSIDE = re.compile(
    r"""(?ix)^(?:
      # files and the network
      read_.* | sniff_.* | parquet_.* | glob | st_read.* | copy_.* | attach.* | detach.* | http_.* | sqlite_.*
    | postgres_.* | mysql_.* | iceberg_.* | delta_.* | arrow_scan.* | pandas_scan.* | python_.* | seq_scan
      # settings, the catalog, who is asking
    | duckdb_.* | .*duckdb_log.* | pragma_.* | pg_(?!typeof$).* | has_.*_privilege | inet_.* | .*_description
    | current_(?!date$|time$|timestamp$|localtime$|localtimestamp$).* | session_user | user | version | getenv
    | getvariable | setvariable | which_secret | in_search_path | txid_.* | get_block_size | summary | test_.*
    | stats | vector_type | index_key | repeat_row | __.*
      # text that is run as SQL
    | query | query_table | invoke | json_execute.* | json_serialize_.* | json_deserialize_.* | .*substrait.*
      # what changes something, or waits
    | load_.* | install_.* | enable_.* | disable_.* | register_.* | deregister_.* | create_external.* | truncate_.*
    | destroy_external.* | checkpoint | force_checkpoint | nextval | currval | setval | setseed | sleep_.* | write_.*
    )$"""
)
"""Functions that reach outside the tables, run text as SQL, or change something. A name that DuckDB doesn't have fails
there; files, network and settings are also shut off in the connection."""

_SIZED = frozenset(
    {"repeat", "pad", "lpad", "rpad", "range", "generate_series", "list_resize", "array_resize", "format", "printf",
     "bitstring"}
)  # fmt: skip
_WIDTH = re.compile(r"\d+")
"""In the pattern of format and printf: "{:>20}", "%20d"."""
_LARGEST_SIZE = 100_000
"""Of a value that these functions make: DuckDB builds it whole, outside its memory limit. In FROM a series streams."""

_SYSTEM = frozenset({"information_schema", "pg_catalog", "system", "temp"})
_SYSTEM_TABLE = re.compile(r"(?i)^(?:duckdb_|pragma_|sqlite_|pg_)")
_FILE = re.compile(
    r"[/\\*?]|:|\.(?:csv|tsv|txt|parquet|pq|json|jsonl|ndjson|db|duckdb|sqlite3?|xlsx?|arrow|gz|zst)$", re.I
)
_ROOTS = (exp.Select, exp.SetOperation, exp.Subquery)
_REFUSED_NODES = (
    exp.DML, exp.DDL, exp.Drop, exp.Alter, exp.Command, exp.Copy, exp.Attach, exp.Detach, exp.Describe, exp.Summarize,
    exp.Show, exp.Pragma, exp.Set, exp.Use, exp.Into, exp.Lock, exp.TruncateTable, exp.Parameter, exp.SessionParameter,
    exp.Placeholder, exp.LoadData, exp.Kill, exp.Transaction, exp.Commit, exp.Rollback, exp.Export, exp.Install,
    exp.Execute,
)  # fmt: skip
_PARSING = threading.Lock()


def check_select(sql: str | exp.Expression, dialect: str = "duckdb", allowed: set[str] | None = None) -> exp.Expression:
    """The parsed query, if it is one safe SELECT. `allowed`: the tables that may be read ("orders" or "main.orders").

    Recursive queries are read: time and memory bound them. Raises QueryRefused, naming the part that is not allowed."""
    tree = _parse(sql, dialect) if isinstance(sql, str) else sql
    _check_tree(tree, allowed)
    if isinstance(sql, str):
        _written(tree, dialect)
    return tree


def checked_sql(sql: str | exp.Expression, dialect: str = "duckdb") -> str:
    """The text to run for SQL that is one safe SELECT: written anew from the checked tree, without comments.

    Raises QueryRefused, also when the dialect can't say all of the tree."""
    tree = _parse(sql, dialect) if isinstance(sql, str) else sql
    _check_tree(tree, None)
    return _written(tree, dialect)


def _check_tree(tree: exp.Expression, allowed: set[str] | None) -> None:
    if not isinstance(tree, _ROOTS):
        raise QueryRefused(
            f"Only a SELECT can be run here, not {type(tree).__name__.upper()}. Ask for the rows you want to see."
        )
    try:
        for node in tree.walk():
            if isinstance(node, _REFUSED_NODES) and not isinstance(node, _ROOTS):
                kind = type(node).__name__.upper()
                raise QueryRefused(
                    f"{kind} is not allowed: a query only reads, and has its values in it. Leave it out."
                )
            if isinstance(node, exp.Table):
                _check_table(node, allowed)
            elif isinstance(node, exp.Func):
                _check_function(_function_name(node))
                _check_size(node)
    except RecursionError as error:
        raise QueryRefused("The query is nested too deeply to be read. Ask for less at once.") from error


def _written(tree: exp.Expression, dialect: str) -> str:
    try:
        text = tree.sql(dialect, comments=False, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        raise QueryRefused(
            f"This can't be said in {dialect}'s SQL: {_first_line(error)} Say it another way."
        ) from error
    except RecursionError as error:
        raise QueryRefused("The query is nested too deeply to be read. Ask for less at once.") from error
    if dialect == "duckdb":
        _check_as_duckdb_reads(text, {t.name.lower() for t in tree.find_all(exp.Table)})
    return text


def _parse(sql: str, dialect: str) -> exp.Expression:
    if len(sql) > _LONGEST:
        raise QueryRefused(
            f"The query is {len(sql):,} characters long; at most {_LONGEST:,} are read. Ask for less at once."
        )
    if "\x00" in sql:
        raise QueryRefused("The query has a character that no query needs (NUL). Write it again without.")
    try:
        statements = [s for s in sqlglot.parse(sql, read=dialect) if s is not None]
    except (SqlglotError, RecursionError) as error:
        raise QueryRefused(f"This is not a query that can be read: {_first_line(error)}") from error
    statements = [s for s in statements if not isinstance(s, exp.Semicolon)]
    if len(statements) != 1:
        raise QueryRefused(f"One SELECT can be run at a time; here are {len(statements)} statements.")
    tree = statements[0]
    assert isinstance(tree, exp.Expression)
    return tree


def _check_table(node: exp.Table, allowed: set[str] | None) -> None:
    if isinstance(node.this, exp.Func):
        _check_table_function(_function_name(node.this))
        return
    if not isinstance(node.this, exp.Identifier):
        raise QueryRefused(f"{node.sql()[:60]!r} is not a table. Read the tables that there are.")
    table, schema, catalog = node.name, node.db, node.catalog
    said = ".".join(part for part in (catalog, schema, table) if part)
    if not schema and table.lower() in with_names(node):
        return
    if {schema.lower(), catalog.lower()} & _SYSTEM or _SYSTEM_TABLE.match(table):
        raise QueryRefused(
            f"The system table {said!r} is not allowed. `describe` says what tables and columns there are."
        )
    if allowed is not None:
        known = {name.lower() for name in allowed}
        names = {said.lower()} | ({f"main.{table}".lower()} if not schema else set())
        if schema.lower() == "main" and not catalog:
            names.add(table.lower())
        if not names & known:
            there = ", ".join(sorted(allowed)[:12]) or "none"
            raise QueryRefused(f"There is no table {said!r} that you may read. There are: {there}.")
    elif _FILE.search(table):
        raise QueryRefused(f"{said!r} is a file or an address, not a table. Files are not read in a query.")


def with_names(node: exp.Expression) -> set[str]:
    """The names that WITH gives to queries where this node stands: those of the WITHs around it, and in a WITH itself
    those before it. A table of the same name elsewhere is a table."""
    names: set[str] = set()
    child: exp.Expression = node
    while isinstance(parent := child.parent, exp.Expression):
        if isinstance(parent, exp.With):
            for cte in parent.expressions:
                if cte is child:
                    if parent.args.get("recursive"):
                        names.add(cte.alias.lower())
                    break
                names.add(cte.alias.lower())
        elif (with_ := parent.args.get("with_")) is not None and with_ is not child:
            names |= {cte.alias.lower() for cte in with_.expressions}
        child = parent
    return names


def _function_name(node: exp.Func) -> str:
    name = node.name if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc) else node.sql_name()
    return name.lower()


def _check_function(name: str) -> None:
    if _OUTSIDE.match(name):
        raise QueryRefused(f"The function {name!r} is not allowed: it reaches outside the tables. Leave it out.")


def _check_size(node: exp.Func) -> None:
    if isinstance(node.parent, exp.Table) or _function_name(node) not in _SIZED:
        return
    patterned = _function_name(node) in ("format", "printf")
    for literal in node.find_all(exp.Literal):
        sizes = [literal.name] if not literal.is_string else _WIDTH.findall(literal.name) if patterned else []
        if too_large := next((size for size in sizes if float(size) > _LARGEST_SIZE), None):
            raise QueryRefused(
                f"{_function_name(node)!r} with {too_large} makes too large a value (over {_LARGEST_SIZE:,}). "
                "A long series belongs in FROM: SELECT … FROM range(…)."
            )


def _check_table_function(name: str) -> None:
    if name not in _TABLE_FUNCTIONS:
        raise QueryRefused(f"The table function {name!r} is not allowed: read the tables that there are.")


def _first_line(error: BaseException) -> str:
    return re.sub(r"\x1b\[\d*m", "", str(error).splitlines()[0])[:200]


# --- what DuckDB itself reads in the text ----------------------------------------------------------------------------


def _check_as_duckdb_reads(text: str, tables: set[str]) -> None:
    """Raises QueryRefused for text that isn't one SELECT to DuckDB, or in which it sees other tables than `tables`."""
    read = json.loads(_serialized(text))
    if read.get("error"):
        message = _first_line(ValueError(read.get("error_message") or "unknown"))
        raise QueryRefused(f"This is not a query that the database can read: {message}")
    if len(read["statements"]) != 1:
        raise QueryRefused(f"One SELECT can be run at a time; here are {len(read['statements'])} statements.")
    for node in _nodes(read["statements"][0]):
        kind = node.get("type")
        if kind == "BASE_TABLE" and node["table_name"].lower() not in tables:
            raise QueryRefused(f"The database reads a table {node['table_name']!r} here. Write the query more plainly.")
        if kind == "TABLE_FUNCTION":
            _check_table_function(node["function"]["function_name"].lower())
        elif kind == "SHOW_REF":
            raise QueryRefused("DESCRIBE, SHOW and SUMMARIZE are not allowed in a query. Use `describe` instead.")
        elif isinstance(name := node.get("function_name"), str):
            _check_function(name.lower())


def _serialized(text: str) -> str:
    with _PARSING:
        row = _parser().execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchone()
    assert row is not None
    return str(row[0])


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"enable_external_access": "false", "lock_configuration": "true", "threads": "1"})


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            yield node
            todo.extend(node.values())
        elif isinstance(node, list):
            todo.extend(node)
