"""Net promoter score: of answers from 0 to 10, the share of 9 and 10 less the share of 0 to 6, in points.

Reichheld, "The One Number You Need to Grow", Harvard Business Review 81(12), 2003.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.model import Dataset, Metric, ModelField

_CALLED = frozenset(["nps", "net promoter", "net promoters", "net promoter score", "nps score", "nps rating"])
SYNONYMS = ("net promoter score", "NPS score", "net promoters")


def promoter_metrics(datasets: Sequence[Dataset]) -> Iterator[Metric]:
    """ "net promoter score" for the first answers that are called so, where they are whole numbers from 0 to 10."""
    for dataset in datasets:
        score = _answers(dataset)
        if score is None:
            continue
        of = f"{dataset.name}.{score.name}"
        ends = f"COUNT(CASE WHEN {of} >= 9 THEN 1 END) - COUNT(CASE WHEN {of} <= 6 THEN 1 END)"
        yield Metric(
            "net_promoter_score",
            f"100.0 * ({ends}) / NULLIF(COUNT({of}), 0)",
            "NPS",
            "share of 9 and 10 less share of 0 to 6, in points",
            SYNONYMS,
            additivity="non_additive",
        )
        return


def _answers(dataset: Dataset) -> ModelField | None:
    whole = [f for f in dataset.fields if f.type == "integer" and f.minimum is not None and f.maximum is not None]
    scored = [f for f in whole if float(str(f.minimum)) >= 0 and 7 <= float(str(f.maximum)) <= 10]
    named = [f for f in scored if f.label.lower() in _CALLED]
    rows = (dataset.label or dataset.name).lower().split()
    about = [f for f in scored if f.label.lower() in ("score", "rating", "answer")] if set(rows) & {"nps"} else []
    return next(iter([*named, *about]), None)
