"""What is bought together, in words and rows."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.formats import format_value
from knowledge.request import Request
from knowledge.result import ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.associating.lines import Lines, lines
from tools.associating.rules import Mined, Rule, largest, mined

_SURE = 0.05
_ROWS = 50
_PERCENT = ResultColumn("percent", "percent", "percent")


def answered(
    request: Request, least: float, workspace: Workspace, limits: Limits, *, size: int = 2, every: Sequence[str] = ()
) -> Analysis:
    """Raises CannotAnalyse, and whatever a query raises."""
    found = lines(request, workspace, every=every)
    made = mined(found, least, workspace.warehouse, limits, size=size)
    sure = [r for r in made.rules if r.chance < _SURE and r.lift > 1]
    if not made.rules:
        _one_each(found, workspace, limits)
        about = f" with {', '.join(found.given)}" if found.given else ""
        raise CannotAnalyse(
            f"Nothing is bought together{about} in at least {_percent(100 * least, limits.locale)} of the "
            f"{made.baskets:,} {found.baskets}."
        )
    rules = sorted(sure, key=lambda r: (-r.lift, r.given, r.then))
    if not found.given:  # each pair once: the two directions have the same lift
        rules = [
            r
            for n, r in enumerate(rules)
            if size == 3 or not any({o.given, o.then} == {r.given, r.then} for o in rules[:n][-2:])
        ]
    columns = (
        ResultColumn("pair", "Together" if not found.given else found.kind.capitalize(), "category"),
        ResultColumn("lift", "Lift", "number", measure=True),
        ResultColumn("confidence", "Confidence", "percent", measure=True, role="current"),
        ResultColumn("support", "Support", "percent", measure=True, role="current"),
        ResultColumn("both", f"{found.baskets.capitalize()} with both", "integer", measure=True, role="current"),
    )
    rows = [
        (
            r.then if found.given else f"{r.given} {'→' if size == 3 else '+'} {r.then}",
            r.lift,
            100 * r.confidence,
            100 * r.support,
            r.both,
        )
        for r in rules[:_ROWS]
    ]
    return Analysis(
        columns, rows or [("(nothing)", None, None, None, None)], made.sql, made.elapsed_ms, caveats=found.caveats,
        text=_text(rules, made, found, size, limits.locale), method=_method(made, found, least, size, limits.locale),
    )  # fmt: skip


def _one_each(found: Lines, workspace: Workspace, limits: Limits) -> None:
    """Raises CannotAnalyse where no basket has two items, or there is only one."""
    kinds, most = largest(found, workspace.warehouse, limits)
    if kinds == 1:
        raise CannotAnalyse(f"There is only one {found.kind} in the {found.baskets}: nothing can be bought with it.")
    if most == 1:
        raise CannotAnalyse(
            f"None of the {found.baskets} has more than one {found.kind}: nothing is bought together. Ask what the "
            "same customers buy at other times, or about a finer kind of thing."
        )


def _text(rules: list[Rule], made: Mined, found: Lines, size: int, locale: str) -> str:
    if not rules and size == 3 and not found.given:
        return "No two things go with a third more than one of them does already, beyond chance."
    if not rules:
        return "Nothing is bought together more often than chance would have it."
    first = rules[0]
    if size == 3 and not found.given:
        more = "; ".join(f"{r.given} and {r.then} (×{r.lift:.1f})" for r in rules[1:4])
        return (
            f"Who has **{first.given}** mostly takes **{first.then}** too: {_times(first, locale)}, in {first.both:,} "
            f"{found.baskets}." + (f" Then: {more}." if more else "")
        )
    if not found.given:
        more = "; ".join(f"{r.given} and {r.then} (×{r.lift:.1f})" for r in rules[1:4])
        return (
            f"**{first.given}** and **{first.then}** go together most: {_times(first, locale)}, in {first.both:,} "
            f"{found.baskets}." + (f" Then: {more}." if more else "")
        )
    often = max(rules, key=lambda r: r.confidence)
    more = ", ".join(f"{r.then} (×{r.lift:.1f})" for r in rules[1:4])
    text = f"**{first.then}** goes with {first.given} most: {_times(first, locale)}."
    text += f" Then: {more}." if more else ""
    if often is not first:
        text += f" Most often in the same {found.baskets}: {often.then} ({_percent(100 * often.confidence, locale)})."
    return text


def _times(rule: Rule, locale: str) -> str:
    return f"{_percent(100 * rule.confidence, locale)} have it, **{rule.lift:.1f} times** as many as of all"


def _method(made: Mined, found: Lines, least: float, size: int, locale: str) -> str:
    part = _percent(100 * least, locale)
    if size == 3 and not found.given:
        return (
            f"Association rules over {made.baskets:,} {found.baskets}: {len(made.rules):,} rules from two of "
            f"{found.kind} to a third with a support of at least {part}, those kept where the two tell more of the "
            "third than the better of them alone does (likelihood ratio, corrected for their number). Confidence: of "
            "those with the two, the part with the third; lift, that against the part of all."
        )
    return (
        f"Association rules over {made.baskets:,} {found.baskets}: {len(made.rules):,} rules between two of "
        f"{found.kind} with a support of at least {part}, those kept whose lift chance would not make (likelihood "
        "ratio, corrected for their number). Support is the part of all with both; confidence, of those with the "
        "first, the part with the other; lift, that against the part of all."
    )


def _percent(value: float, locale: str) -> str:
    return format_value(round(value, 2), _PERCENT, locale)
