"""Records that are not settled yet: which appointments will be missed, which open invoices will be paid late.

The records that are settled are learnt from, each as it stood by its own date; those that are pending (no mark yet, a
status that says so, a date to come, a payment that is not due) are scored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from knowledge.compile.columns import dataset_label, field_label
from knowledge.model import Dataset, SemanticModel
from knowledge.request import FieldColumn, Request
from knowledge.words import plural, split
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.predicting.events import WAITING, Happening, mark_of
from tools.predicting.leaks import Leak, settles
from tools.predicting.records import EPOCH, LEARNT_FROM, LEAST, MOST_ROWS, features_of, fields_of
from tools.predicting.table import Column, Table
from tools.segmenting.things import usual

_VOID = frozenset(["cancelled", "canceled", "void", "voided", "deleted", "withdrawn", "rescheduled", "draft"])
"""What came to nothing: neither the outcome nor its absence."""
_STATUS = frozenset(["status", "state", "stage"])
_LEAST_EACH = 8
_FILLED, _CHANCE = 0.95, 1e-6
_MISSING = "(none)"


@dataclass(frozen=True)
class Pending:
    table: Table
    """The settled records."""
    whole: Table
    leaks: tuple[Leak, ...]
    waiting: pd.DataFrame
    """The features of the pending ones, with all that was made."""
    keys: list[Any]
    names: list[tuple[Any, str]]
    """Of each pending one: its key or name, and its date."""
    due: np.ndarray
    """When each is (datetime64, NaT where that is unknown)."""
    overdue: int
    """Records that the outcome has come to already, though nothing marks them settled."""
    thing: str
    sql: str
    caveats: tuple[str, ...]
    now: datetime


def pending(event: Happening, workspace: Workspace, limits: Limits) -> Pending:
    """Raises CannotAnalyse where that can't be learnt, and whatever a query raises."""
    model, mark = workspace.model, mark_of(event)
    dataset, thing = model.dataset(event.dataset), dataset_label(model.dataset(event.dataset)).lower()
    if mark is None or len(dataset.primary_key) != 1 or dataset.default_time is None:
        raise CannotAnalyse(f"Nothing marks on a {thing} whether it had a {event.label}: there is nothing to learn.")
    marked = str(mark.field)
    by_date = mark.field_value if isinstance(mark.field_value, str) else None
    time = by_date or f"{dataset.name}.{dataset.default_time}"
    fields = [f for f in fields_of(dataset, dataset.field(marked.split(".", 1)[1]), workspace) if f != marked]
    key = f"{dataset.name}.{dataset.primary_key[0]}"
    status = [
        f"{dataset.name}.{f.name}" for f in dataset.fields
        if f.role in ("category", "flag") and set(split(f.name.lower())) & _STATUS
    ]  # fmt: skip
    owner = _owner(dataset, model)
    named = [f"{dataset.name}.{dataset.name_field}"] if dataset.name_field else [owner[1]] if owner else []
    wanted = list(dict.fromkeys([key, marked, time, *status, *([owner[0]] if owner else []), *named, *fields]))
    found = workspace.run(
        Request(columns=[FieldColumn(field=n, label=f"c{i}") for i, n in enumerate(wanted)], dataset=dataset.name),
        max_rows=MOST_ROWS, timeout_s=limits.timeout_s,
    )  # fmt: skip
    frame = pd.DataFrame([tuple(r) for r in found.rows], columns=wanted)
    when = pd.to_datetime(frame[time], errors="coerce")
    now = pd.Timestamp(_now(when, pd.to_datetime(frame[marked], errors="coerce") if by_date else None, workspace))
    plain = {name: frame[name].map(_plain) for name in dict.fromkeys([*status, marked])}
    void = np.zeros(len(frame), dtype=bool)
    waits = np.zeros(len(frame), dtype=bool)
    own = _plain(mark.value) if not by_date else ""
    for name in dict.fromkeys([*status, *([marked] if not by_date else [])]):
        void |= (plain[name].isin(_VOID) & (plain[name] != own)).to_numpy()
        waits |= (plain[name].isin(WAITING) & (plain[name] != own)).to_numpy()
    empty = frame[marked].isna().to_numpy()
    ahead = (when > now).to_numpy()
    overdue = 0
    if (
        by_date
    ):  # what has fallen due is known, paid or not; what is paid before that is only the punctual part of its kind
        done = pd.to_datetime(frame[marked], errors="coerce")
        true = ((done > when) | (done.isna() & (when <= now))).to_numpy()
        settled = (when <= now).to_numpy() & ~void
        waiting = empty & ahead & ~void
        overdue = int((empty & settled).sum())
    else:
        true = frame[marked].map(lambda v: v == mark.value or _plain(v) == own).to_numpy(dtype=bool)
        waiting = (empty | ahead | waits) & ~void & ~true
        settled = ~waiting & ~void & ~empty
        if waiting.any() and not ahead.any() and settled.any() and when[settled].max() < when[waiting].max():
            now = when[settled].max()  # "today" is the last day of data that reaches ahead
    if not waiting.any():
        outcomes = frame[marked].dropna().unique()
        if not by_date and len(outcomes) == 1:
            label = field_label(dataset, dataset.field(marked.split(".", 1)[1]))
            raise CannotAnalyse(
                f"{label[:1].upper() + label[1:]} is “{outcomes[0]}” for every {thing}: there is nothing to learn."
            )
        over = f" {overdue:,} are overdue already: they are late, whatever comes." if overdue else ""
        mark_label = field_label(dataset, dataset.field(marked.split(".", 1)[1])).lower()
        raise CannotAnalyse(
            f"No {thing} is pending: each has its outcome.{over} I score those whose {mark_label} is empty, "
            f"whose status says that they are open, or whose date is after {now:%Y-%m-%d}. "
            f"Ask again once there are some, or ask “what drives "
            f"{plural(event.label)}?”."
        )
    some = int(settled.sum())
    if some < LEAST or min(true[settled].sum(), some - true[settled].sum()) < _LEAST_EACH:
        raise CannotAnalyse(
            f"{some:,} {plural(thing)} are settled, {int(true[settled].sum()):,} of them with a {event.label}: it "
            f"takes {LEAST}, and {_LEAST_EACH} of either kind, to learn from. {int(waiting.sum()):,} are pending."
        )
    return _made(
        frame, when, true, settled, waiting, fields, marked, time, owner[0] if owner else None, event, workspace,
        names=(named[0] if named else None, key), rest=(thing, overdue, found, now.to_pydatetime()),
    )  # fmt: skip


def _made(
    frame: pd.DataFrame, when: pd.Series, true: np.ndarray, settled: np.ndarray, waiting: np.ndarray, fields: list[str],
    marked: str, time: str, owner: str | None, event: Happening, workspace: Workspace, *,
    names: tuple[str | None, str], rest: tuple[str, int, Any, datetime],
) -> Pending:  # fmt: skip
    thing, overdue, found, now = rest
    moments = (when.to_numpy().astype("datetime64[s]") - EPOCH).astype(float) / 86400
    moments[when.isna().to_numpy()] = np.nan
    rows = np.flatnonzero(settled & np.isfinite(moments))
    if len(rows) > LEARNT_FROM:  # the latest: what is to come is most like them
        rows = np.sort(rows[np.argsort(moments[rows], kind="stable")[-LEARNT_FROM:]])
    at = np.concatenate([rows, np.flatnonzero(waiting)])
    some = frame.iloc[at].reset_index(drop=True)
    learnt = np.arange(len(at)) < len(rows)
    target = np.where(learnt, true[at].astype(float), np.nan)
    made, leaks = features_of(some, fields, marked, time, target, workspace)
    if owner is not None:
        own = f"{event.dataset}.{workspace.model.dataset(event.dataset).default_time}"
        seen = pd.to_datetime(frame[own], errors="coerce") if own in frame else when
        looked = (seen.where(seen < when, when).to_numpy().astype("datetime64[s]") - EPOCH).astype(float) / 86400
        made += _past(frame[owner], moments, looked, true, settled, at, event, owner)
    kept: list[Column] = []
    for column, values in made:
        if values[learnt].nunique(dropna=False) < 2:
            continue
        if (why := _filled_later(values[learnt], values[~learnt])) and not column.name.startswith(f"{time} "):
            leaks.append(Leak(column.name, column.label, why))
        else:
            kept.append(column)
    features = pd.DataFrame({c.name: v for c, v in made})
    classes = (f"no {event.label}", event.label)
    table = Table(
        features.loc[learnt, [c.name for c in kept]].reset_index(drop=True), tuple(kept), target[learnt], classes,
        moments[rows],
    )  # fmt: skip
    whole = table
    leaks += settles(table, kept)
    table = table.without({leak.name for leak in leaks})
    if not table.columns:
        raise CannotAnalyse(
            f"All that is known of a {thing} is filled in after its outcome, or always the same: nothing is left to "
            f"tell by. Left out: {', '.join(leak.label for leak in leaks) or 'nothing'}."
        )
    last = some[~learnt]
    listed = [(_name(r, names), f"{t:%Y-%m-%d}" if pd.notna(t) else "") for (_, r), t in
              zip(last.iterrows(), pd.to_datetime(last[time], errors="coerce"), strict=True)]  # fmt: skip
    return Pending(
        table, whole, tuple(leaks), features[~learnt].reset_index(drop=True),
        last[names[1]].tolist(), listed,
        pd.to_datetime(last[time], errors="coerce").to_numpy().astype("datetime64[s]"), overdue, thing, found.sql,
        found.caveats, now,
    )  # fmt: skip


def _name(row: pd.Series, names: tuple[str | None, str]) -> str:
    name, key = names
    return f"{row[key]} ({row[name]})" if name and pd.notna(row[name]) else str(row[key])


def _now(when: pd.Series, done: pd.Series | None, workspace: Workspace) -> datetime:
    """The day that the records stand at: today, or, where they end before, the last day that anything was settled."""
    today = datetime.combine(workspace.calendar.today, datetime.max.time().replace(microsecond=0))
    last = done.max() if done is not None else pd.NaT
    if pd.isna(last):
        return today
    return min(today, max(last.to_pydatetime(), (workspace.fresh_as_of or last.to_pydatetime()).replace(tzinfo=None)))


def _owner(dataset: Dataset, model: SemanticModel) -> tuple[str, str] | None:
    """The column that says whose record it is, and the one that names them: of people rather than others."""
    who = usual(model)
    for hop in model.relationships:
        if who is not None and hop.many == dataset.name and hop.one == who.name and len(hop.many_fields) == 1:
            return f"{dataset.name}.{hop.many_fields[0]}", f"{who.name}.{who.name_field or who.primary_key[0]}"
    return None


def _past(
    owners: pd.Series, moments: np.ndarray, looked: np.ndarray, true: np.ndarray, settled: np.ndarray, at: np.ndarray,
    event: Happening, owner: str,
) -> list[tuple[Column, pd.Series]]:  # fmt: skip
    """How many settled records the same one had before, and how often the outcome came: as known by the record's
    own date, of what had fallen due by then (`looked`, in days since 1970)."""
    history = pd.DataFrame({"o": owners, "m": moments, "t": true.astype(float)})[settled & np.isfinite(moments)]
    runs = {
        o: (g["m"].to_numpy(), np.concatenate([[0.0], np.cumsum(g["t"].to_numpy())]))
        for o, g in history.sort_values("m").groupby("o")
    }
    rate = float(history["t"].mean())
    when_known = np.isfinite(moments)
    count, share = np.zeros(len(at)), np.full(len(at), rate)
    for n, row in enumerate(at):
        run = runs.get(owners.iloc[row])
        if run is None:
            continue
        before = int(np.searchsorted(run[0], looked[row] if when_known[row] else np.inf, side="left"))
        count[n], share[n] = before, (run[1][before] + 2 * rate) / (before + 2)  # few say little
    theme = f"past {plural(event.label)} of the same one"
    return [
        (Column("past count", "settled records of the same one before", "number", theme, owner), pd.Series(count)),
        (Column("past share", f"share of {plural(event.label)} before", "number", theme, owner), pd.Series(share)),
    ]


def _filled_later(settled: pd.Series, waiting: pd.Series) -> str | None:
    """Why a column can't be learnt from: on nearly all pending records it has one value (or none), more often than
    chance would have it, or values that no settled one has."""
    before, now = (v.astype(object).where(v.notna(), _MISSING) for v in (settled, waiting))
    counts = now.value_counts()
    value, most = counts.index[0], int(counts.iloc[0])
    if most >= _FILLED * len(now):
        usual = float((before == value).mean())
        if stats.binom.sf(most - 1, len(now), max(usual, 1 / (len(before) + 1))) < _CHANCE:
            what = "empty" if value == _MISSING else f"“{value}”"
            return f"it is {what} on pending ones, and filled in afterwards"
    if not pd.api.types.is_numeric_dtype(settled) and not set(now) & set(before):
        return "no settled one has the values that pending ones have"
    return None


def _plain(value: object) -> str:
    return "" if value is None else re.sub(r"[\W_]+", " ", str(value)).strip().lower()
