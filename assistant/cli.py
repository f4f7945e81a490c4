"""parley: ask your business's data questions, in plain words."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.people.cli import audit_commands, key_commands, people_commands
from assistant.people.workspace_cli import workspace_commands

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.session import Session

app = typer.Typer(
    name="parley",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="""Ask your business's data questions, in plain words.

Parley answers with a sentence, a table, a chart, the SQL behind it and the next questions worth asking. It works
without a key or a network; with a language model (PARLEY_MODEL) it reads harder questions.

**Start:** `parley serve --demo --open` opens the chat on a year of real retail purchases.

**Your own data:** `parley use sales.xlsx` (or a CSV, Parquet, JSON, SQLite or DuckDB file, or a folder of them), then
`parley ask "total amount by month"`, `parley chat` or `parley serve`.

**Teach it your words:** `parley model > model.yaml`, correct the names and definitions, then
`parley ask "…" --model model.yaml`.

**Several people:** `parley people add ana --role analyst` gives each a log-in of their own; `parley keys create ana`
makes a key for the API. `parley workspaces add lab --db lab.duckdb` serves another business's data to people of its
own.

**Slack, SMS, WhatsApp, phone:** each is on when its secrets are set; `parley doctor` says what is missing, and
docs/ how to begin.

**In a script:** `parley ask "…" --json` prints one object with status, sql, columns, rows, confidence, ms and answer.
The exit code is 0 if there is an answer of any status, 1 if the data can't be opened, 2 if the command is wrong.

**Settings** are environment variables: `PARLEY_STATE_DIR` (where things are kept),
`PARLEY_LOCALE` (en_US), `PARLEY_MODEL` (openai:gpt-5-mini), `PARLEY_API_KEY`, `PARLEY_BASE_URL` (vLLM, Ollama,
llama.cpp …), `PARLEY_MODE` (embedded, llm, hybrid), `PARLEY_EGRESS` (what a language model may be sent: schema,
aggregates, rows), `PARLEY_PASSWORD` (for the page), `PARLEY_DEBUG=1` (show where an error comes from).""",
)

Source = Annotated[
    str | None, typer.Option("--db", help="A file or folder to ask; else what `parley use` chose, else the demo.")
]
ModelFile = Annotated[Path | None, typer.Option("--model", help="A semantic model (OSI YAML or JSON) for the data.")]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="What day “today” is: 2017-12-31.")
]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="In your own words; in quotes.")],
    db: Source = None,
    model: ModelFile = None,
    as_of: AsOf = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    sql: Annotated[bool, typer.Option("--sql", help="Show the SQL too.")] = False,
) -> None:
    """Answer one question.

    parley ask "top 5 categories by net sales last month"
    """
    session = _open(db, model, as_of)
    answer = session.ask(question, thread=f"cli-{os.getpid()}")
    if as_json:
        print(json.dumps(prediction(answer), allow_nan=False))
    else:
        from rich.console import Console

        from assistant.terminal import render

        render(answer, Console(), sql=sql, locale=session.settings.locale)
    session.close()


@app.command()
def chat(db: Source = None, model: ModelFile = None, as_of: AsOf = None) -> None:
    """Talk in the terminal: follow-ups keep their context, a number picks a choice, an empty line ends."""
    from rich.console import Console

    from assistant.terminal import render

    session = _open(db, model, as_of)
    console = Console()
    console.print(f"Asking [bold]{session.workspace.model.label or session.workspace.name}[/bold]. An empty line ends.")
    thread = f"chat-{os.getpid()}-{datetime.now():%H%M%S}"
    answer: Answer | None = None
    while True:
        try:
            question = console.input("[bold blue]?[/bold blue] ").strip()
        except (EOFError, KeyboardInterrupt):
            break
        if not question:
            break
        if answer and answer.choices and question.isdigit() and 1 <= int(question) <= len(answer.choices):
            question = answer.choices[int(question) - 1].question
        answer = session.ask(question, thread=thread)
        render(answer, console, locale=session.settings.locale)
    session.close()


@app.command()
def serve(
    db: Source = None,
    model: ModelFile = None,
    demo: Annotated[bool, typer.Option("--demo", help="Serve the retail demo, whatever `parley use` chose.")] = False,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    host: Annotated[
        str, typer.Option(help="Where to listen. Beyond this machine, add people, or set PARLEY_PASSWORD.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 finds a free one.")] = 8000,
) -> None:
    """Serve the web chat and the API."""
    from assistant.server import serve as run

    source = "demo" if demo else db
    _plainly(lambda: run(host=host, port=port, source=source, model=model, open_browser=open_browser))


@app.command()
def mcp(
    db: Source = None,
    model: ModelFile = None,
    person: Annotated[str | None, typer.Option("--as", help="Whose view of the data it has; else all of it.")] = None,
) -> None:
    """Speak MCP over standard input and output, for another assistant on this machine.

    A server that `parley serve` started speaks it at /mcp, too.
    """
    import asyncio

    from assistant.channels.mcp import serve_stdio
    from assistant.desk import alone

    session = _open(db, model, None)
    desk, asker = _plainly(lambda: alone(session, person))
    asyncio.run(serve_stdio(desk, asker))
    session.close()


@app.command()
def use(source: Annotated[str, typer.Argument(metavar="FILE_OR_URL", help="A file, a folder, or “demo”.")]) -> None:
    """Choose the data that later commands ask."""
    from assistant.session import choose
    from assistant.settings import Settings

    _plainly(lambda: choose(source, Settings().state_dir))
    session = _open(source, None, None)
    tables = ", ".join(d.name for d in session.workspace.model.datasets[:12])
    print(f'Using {source}: {tables}. Ask with: parley ask "…"')
    session.close()


@app.command("model")
def show_model(
    db: Source = None,
    version: Annotated[str, typer.Option(help="Of the interchange spec: 0.1, 0.2 or 1.0.")] = "0.2",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Print the semantic model of the data as an OSI file, to read, correct, and give back with --model."""
    from knowledge.osi import dump

    session = _open(db, None, None)
    print(dump(session.workspace.model, version=version, format="json" if as_json else "yaml"))  # type: ignore[arg-type]
    session.close()


@app.command()
def doctor() -> None:
    """Check the settings of every channel (Slack, SMS, WhatsApp, phone), and say what is wrong."""
    from assistant.doctor import doctor as run

    run()


def prediction(answer: Answer) -> dict[str, Any]:
    """An answer in the batch form: status, sql, columns, rows, confidence, ms, answer …; numbers as JSON has them."""
    from assistant.channels.web.card import plain

    result = answer.result
    return {
        "status": answer.outcome,
        "sql": answer.provenance.sql,
        "columns": [c.label for c in result.columns] if result else [],
        "rows": [[plain(value) for value in row] for row in result.rows] if result else [],
        "confidence": answer.confidence,
        "ms": round(answer.elapsed_ms, 2),
        "answer": answer.text,
        "reading": answer.reading,
        "caveats": answer.caveats,
        "choices": [c.model_dump() for c in answer.choices],
        "follow_ups": answer.follow_ups,
    }


def _open(db: str | None, model: Path | None, as_of: date | None) -> Session:
    from assistant.session import open_session

    day = as_of.date() if isinstance(as_of, datetime) else as_of
    opened: Session = _plainly(lambda: open_session(db, model=model, as_of=day, progress=_progress))
    return opened


def _progress(label: str, part: float) -> None:
    if sys.stderr.isatty():
        done = int(part * 24)
        print(
            f"\rPreparing the demo [{'#' * done}{'.' * (24 - done)}] {label:<24}",
            end="\n" if part >= 1 else "",
            file=sys.stderr,
            flush=True,
        )


def _plainly(work: Any) -> Any:
    """Run it; what goes wrong is one line and exit code 1 (PARLEY_DEBUG=1 shows where)."""
    try:
        return work()
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as error:
        if os.environ.get("PARLEY_DEBUG"):
            raise
        print(f"parley: {error}", file=sys.stderr)
        raise typer.Exit(1) from None


app.add_typer(people_commands, name="people")
app.add_typer(key_commands, name="keys")
app.add_typer(workspace_commands, name="workspaces")
app.add_typer(audit_commands, name="audit")


def main() -> None:
    """The `parley` command, with the subcommands that other folders add through the entry points of parley.commands."""
    for point in entry_points(group="parley.commands"):
        if len(sys.argv) > 1 and sys.argv[1] == point.name:
            app.add_typer(point.load(), name=point.name)
        else:
            app.add_typer(typer.Typer(help=_HELP.get(point.name, point.name)), name=point.name)
    app()


_HELP = {"eval": "Measure: accuracy on question suites, speed, memory, load."}
