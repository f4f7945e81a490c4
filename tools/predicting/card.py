"""The model card (Mitchell et al., 2019): what a model is for, of what data it was made, how good it is, and what to
mind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pandas as pd

from tools.predicting.assess import Trained
from tools.predicting.importance import Driver
from tools.predicting.leaks import Leak
from tools.predicting.table import Table


def card_of(
    title: str, table: Table, found: Trained, looked_at: Sequence[Driver], leaks: Sequence[Leak], facts: dict[str, Any]
) -> dict[str, Any]:
    """As it is kept in JSON. `facts`: what the problem says of itself (days, moments, end of the data)."""
    a = found.assessed
    measure = "R²" if table.task == "number" else "AUC"
    return {
        "title": title,
        **facts,
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "task": table.task,
        "classes": list(table.classes),
        "rows": len(table),
        "share": float(table.target.mean()) if table.task == "binary" else None,
        "features": [{"name": c.name, "label": c.label, "made_of": c.source} for c in table.columns],
        "left_out": [{"label": leak.label, "why": leak.why} for leak in leaks],
        "measure": measure,
        "score": a.score,
        "interval": [a.low, a.high],
        "held_out": a.rows,
        "accuracy": a.accuracy,
        "accuracy_of_commonest": a.baseline,
        "calibration_error": a.calibration,
        "calibration_error_by_chance": a.calibration_by_chance,
        "mean_error": a.error,
        "mean_error_of_mean": a.error_of_mean,
        "compared": found.compared.best(),
        "chosen": {c.learner.name: weight for c, weight in found.compared.blend},
        "settings": [{"kind": c.learner.name, **c.params} for c, _ in found.compared.blend],
        "tried": found.compared.tried,
        "seconds": round(found.seconds, 1),
        "drivers": [vars(d) for d in looked_at],
        "lineage": {"data": fingerprint(table)},
    }


def fingerprint(table: Table) -> str:
    """Of the rows that it was trained on: another one for any other data."""
    rows = pd.util.hash_pandas_object(table.features.assign(_target=table.target), index=False).to_numpy()
    return sha256(rows.tobytes() + repr([c.name for c in table.columns]).encode()).hexdigest()[:16]


def markdown(card: dict[str, Any]) -> str:
    """For people to read and file."""
    low, high = card["interval"]
    lines = [
        f"# {card['title']}", "",
        f"Trained {card['trained_at']} on {card['rows']:,} rows; data to {card.get('end', '')}.", "",
        "| | |", "|---|---|",
        f"| {card['measure']} on {card['held_out']:,} rows held out | {card['score']:.3f} ({low:.3f} to {high:.3f}) |",
        *([f"| right | {100 * card['accuracy']:.1f}%; the commonest class alone: "
           f"{100 * card['accuracy_of_commonest']:.1f}% |"] if card["accuracy"] is not None else []),
        *([f"| calibration error | {card['calibration_error']:.3f} |"] if card["accuracy"] is not None else []),
        f"| models | {', '.join(f'{k} {100 * w:.0f}%' for k, w in card['chosen'].items())} |",
        f"| data | {card['lineage']['data']} |", "", "## Looks at", "",
        *[f"- {d['theme']}" for d in card["drivers"]], "", "## Left out", "",
        *([f"- {e['label']}: {e['why']}" for e in card["left_out"]] or ["- nothing"]), "",
        "What goes with an outcome need not be its cause.", "",
    ]  # fmt: skip
    return "\n".join(lines)
