"""Rates of marketing and of web traffic: click-through rate, cost per click, conversion rate.

General knowledge of the trade (IAB, "Glossary of Terminology"): click-through rate = clicks / impressions; cost per
click = spend / clicks; cost per thousand = 1,000 * spend / impressions; conversion rate = what was bought or signed /
visits, or clicks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.model import Dataset, Metric, ModelField

_SEEN = ("impression", "impressions", "views", "ad views")
_CLICKED = ("clicks", "click", "link clicks")
_SPENT = ("spend", "ad spend", "cost", "amount spent", "spent", "media spend", "ad cost")
_CONVERTED = ("conversions", "conversion", "purchases", "orders", "checkouts", "transactions", "bookings", "sales",
              "sign ups", "signups", "leads")  # fmt: skip
_CAME = ("sessions", "visits", "visitors", "unique visitors", "users", "visit", "session")


def marketing_metrics(datasets: Sequence[Dataset], sold: Sequence[Metric]) -> Iterator[Metric]:
    """The rates that the first rows of advertising, and the first of visits, have the figures of; and what was sold for
    each unit of money spent on it."""
    made: set[str] = set()
    revenue = next((m for m in sold if m.name == "revenue"), None)
    for dataset in datasets:
        for metric in (*_of(dataset), *(_returned(dataset, revenue) if revenue else ())):
            if metric.name not in made:
                made.add(metric.name)
                yield metric


def _of(dataset: Dataset) -> Iterator[Metric]:
    seen, clicked, spent = (_called(dataset, names) for names in (_SEEN, _CLICKED, _SPENT))
    converted, came = _called(dataset, _CONVERTED), _called(dataset, _CAME)
    if clicked and seen:
        yield _rate(dataset, "click_through_rate", "click-through rate", (clicked, seen), 100,
                    ("CTR", "click through rate", "clickthrough rate", "click rate"))  # fmt: skip
    if spent and clicked:
        yield _rate(dataset, "cost_per_click", "cost per click", (spent, clicked), 1, ("CPC", "spend per click"))
    if spent and seen:
        yield _rate(dataset, "cost_per_thousand", "cost per thousand impressions", (spent, seen), 1000, ("CPM",))
    if spent and converted and (clicked or seen):
        yield _rate(dataset, "cost_per_conversion", f"cost per {converted.label.rstrip('s')}", (spent, converted), 1,
                    ("cost per conversion", "cost per acquisition", "CPA"))  # fmt: skip
    if converted and (whole := came or clicked):
        yield _rate(dataset, "conversion_rate", "conversion rate", (converted, whole), 100,
                    ("conversion", "conversion percentage", "share of visits that convert"))  # fmt: skip


def _returned(dataset: Dataset, revenue: Metric) -> Iterator[Metric]:
    """Return on advertising spend = revenue / spend, of all that was sold."""
    spent, clicked = _called(dataset, _SPENT), _called(dataset, _CLICKED) or _called(dataset, _SEEN)
    if spent and clicked:
        yield Metric(
            "return_on_ad_spend",
            f"{{{revenue.name}}} / NULLIF(SUM({dataset.name}.{spent.name}), 0)",
            "return on ad spend",
            f"{revenue.label} over {spent.label}",
            ("ROAS", "return on advertising spend", "return on marketing spend", "return on ads"),
            additivity="non_additive",
            direction="up",
        )


def _rate(
    dataset: Dataset, name: str, label: str, of: tuple[ModelField, ModelField], times: int, synonyms: tuple[str, ...]
) -> Metric:
    part, whole = of
    share = times == 100
    return Metric(
        name,
        f"{times}.0 * SUM({dataset.name}.{part.name}) / NULLIF(SUM({dataset.name}.{whole.name}), 0)",
        label,
        f"{part.label} over {whole.label}" + (f", times {times:,}" if times > 1 and not share else ""),
        synonyms,
        unit="percent" if share else part.unit,
        format="percent" if share else "number",
        additivity="non_additive",
        direction="up" if share else "down",
    )


def _called(dataset: Dataset, names: Sequence[str]) -> ModelField | None:
    added = {f.label.lower(): f for f in dataset.fields if f.role == "measure" and not f.hidden}
    return next((added[name] for name in names if name in added), None)
