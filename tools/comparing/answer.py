"""Whether groups differ, or figures go together, in words and rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.formats import format_short, format_value
from knowledge.request import Request
from knowledge.result import ResultColumn
from knowledge.words import plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.comparing.against import Against, against_others
from tools.comparing.observations import Observed, Sample, observed
from tools.comparing.stopping import whether_to_stop
from tools.comparing.tests import Together, Verdict, enough, together, verdicts

_SURE = 0.05
_PERCENT = ResultColumn("percent", "percent", "percent")
_EFFECTS = {"g": "Hedges' g", "r": "rank-biserial r", "h": "Cohen's h"}
_NAMED = 3
_FEW_PAIRS = 5
_PAIRED = 20
"""More groups than this are not tested two by two."""


def difference(request: Request, workspace: Workspace, limits: Limits, *, stop: bool = False) -> Analysis:
    """Raises CannotAnalyse, and whatever a query raises."""
    found = observed(request, workspace, limits)
    kept = [s for s in found.samples if enough(s)]
    if len(kept) < 2:
        sizes = ", ".join(f"{s.name} ({s.size})" for s in found.samples[:_NAMED])
        raise CannotAnalyse(
            f"There are too few {found.unit}s to compare: {sizes}. It takes three of each group at least."
        )
    value = replace(found.column, name="value", label=_label(found), role="value")
    left = [s.name for s in found.samples if s not in kept]
    caveats = [*found.caveats, *([f"Too few to compare, and left out: {', '.join(left[:5])}."] if left else [])]
    if len(request.measures) > 1 and request.fields:
        caveats.append(f"Only {lowered(found.column.label)} was tested; ask for the other figures one by one.")
    same = _constant(kept)
    if same is not None:
        text = (
            f"No: {lowered(value.label)} is constant, **{_short(same, value, limits.locale)}** for every one of the "
            f"{sum(s.size for s in kept):,} {plural(found.unit)}: the groups can't differ in it."
        )
        return _made(kept, value, found, caveats, text, "Nothing was tested: there is no variation.")
    if request.compare_to is None:
        caveats.append("That groups differ does not say why.")
    if len(kept) > _PAIRED:
        return _many(kept, value, found, caveats, limits.locale)
    tested = verdicts(tuple(kept))
    overall = together(tuple(kept)) if len(kept) > 2 else None
    if request.compare_to is None:
        caveats += _peeked(tested, overall, independent=found.independent)
    text = _told(tested, overall, value, found, limits.locale)
    if stop:
        text = f"{whether_to_stop(tested, found.unit, independent=found.independent)} {text}"
    return _made(kept, value, found, caveats, text, _method(tested, overall, found))


def _made(
    kept: Sequence[Sample], value: ResultColumn, found: Observed, caveats: Sequence[str], text: str, method: str,
    chances: dict[str, float] | None = None,
) -> Analysis:  # fmt: skip
    columns = (
        ResultColumn("group", "Group", "category"), value,
        ResultColumn("observations", plural(found.unit).capitalize(), "integer", measure=True, role="current"),
        *([ResultColumn("chance", "p against the others", "number", measure=True)] if chances else []),
    )  # fmt: skip
    ordered = sorted(kept, key=lambda s: -s.figure)
    rows = [(s.name, s.figure, s.size, *([chances[s.name]] if chances else [])) for s in ordered]
    return Analysis(
        columns, rows, found.sql, found.elapsed_ms, caveats=tuple(caveats), text=text, method=method,
    )  # fmt: skip


def _constant(kept: Sequence[Sample]) -> float | None:
    """The figure that every observation of every group has."""
    if any(s.share is not None for s in kept):
        figures = {s.figure for s in kept}
        return figures.pop() if figures in ({0.0}, {100.0}) else None
    least, most = min(float(s.values.min()) for s in kept), max(float(s.values.max()) for s in kept)
    return least if least == most else None


def _many(
    kept: Sequence[Sample], value: ResultColumn, found: Observed, caveats: Sequence[str], locale: str
) -> Analysis:
    """Too many groups for every two of them: whether they differ at all, and which from all the others."""
    overall = together(tuple(kept))
    each, test = against_others(kept)
    sure = [a for a in each if a.chance < _SURE] if overall.chance < _SURE else []
    high, low = [a for a in sure if a.above], [a for a in sure if not a.above][::-1]

    def named(group: Against) -> str:
        return f"**{group.group.name}** ({_short(group.group.figure, value, locale)})"

    if overall.chance >= _SURE:
        text = (
            f"No: no difference in {lowered(value.label)} between the {len(kept)} groups is more than chance would "
            f"make ({chance_told(overall.chance)}). Highest and lowest, which may well be chance: {named(each[0])} and "
            f"{named(each[-1])}."
        )
    else:
        what = lowered(value.label)
        text = f"Yes: the {len(kept)} groups differ in {what} by more than chance ({chance_told(overall.chance)})."
        for way, some in (("higher", high), ("lower", low)):
            first = f", such as {', '.join(named(a) for a in some[:_NAMED])}" if some else ""
            count = f"{len(some) or 'None'} of them surely {'is' if len(some) == 1 else 'are'}"
            text += f" {count} {way} than the others{first}."
    method = (
        f"All groups at once: {overall.test}; each group against all others together: {test}, over "
        f"{sum(s.size for s in kept):,} {plural(found.unit)}, two-sided. The chances are corrected for {len(kept)} "
        "comparisons (Holm)."
    )
    return _made(kept, value, found, caveats, text, method, {a.group.name: a.chance for a in each})


def _peeked(tested: Sequence[Verdict], overall: Together | None, *, independent: bool) -> list[str]:
    """What holds for those who looked more than once, before the data was all in."""
    if overall is not None and overall.chance >= _SURE:
        return []
    sure = [v for v in tested if v.chance < _SURE]
    unsure = [v for v in sure if v.anytime is None or v.anytime >= _SURE]
    if not sure:
        return []
    if not unsure and not independent:
        return []
    if not unsure:
        return ["However often you have looked while the data came in, this holds (always-valid p below 0.05)."]
    known = [v for v in unsure if v.anytime is not None]
    if not known:
        return [
            "This holds for one look, at a size settled beforehand. There are too few to say whether it holds for who "
            "looks again and again."
        ]
    pairs = ", ".join(
        f"{v.one.name} and {v.other.name} ({chance_told(v.anytime)})" for v in known[:_NAMED] if v.anytime is not None
    )
    return [
        f"If you have looked more than once while the data came in, don't decide yet on {pairs}: the ordinary test "
        "says that they differ, the always-valid one, which allows for looking again and again, does not."
    ]


def _label(found: Observed) -> str:
    per = (
        ""
        if found.samples[0].share is not None or "average" in found.column.label.lower()
        else f", average per {found.unit}"
    )
    return f"{found.column.label}{per}"


def _told(
    tested: Sequence[Verdict], overall: Together | None, value: ResultColumn, found: Observed, locale: str
) -> str:
    if overall is None:
        return _pair(tested[0], value, locale)
    sure = [v for v in tested if v.chance < _SURE] if overall.chance < _SURE else []
    top = tested[0]
    if not sure and overall.chance < _SURE:
        return (
            f"The groups differ in {lowered(value.label)} by more than chance ({chance_told(overall.chance)}), but no "
            f"two of them surely do: **{top.one.name}** ({_short(top.one.figure, value, locale)}) is only seemingly "
            f"first."
        )
    if not sure:
        return (
            f"No difference between the {len(found.samples)} groups is more than chance would make. The largest is "
            f"between **{top.one.name}** ({_short(top.one.figure, value, locale)}) and {tested[-1].other.name}."
        )
    said = "; ".join(
        f"**{v.one.name}** ({_short(v.one.figure, value, locale)}) over {v.other.name} "
        f"({_short(v.other.figure, value, locale)})"
        for v in sorted(sure, key=lambda v: v.chance)[:_FEW_PAIRS]
    )
    return (
        f"{len(sure)} of {len(tested)} differences in {lowered(value.label)} are more than chance: {said}. "
        f"{_first(top.one.name, tested, sure)}"
    )


def _first(name: str, tested: Sequence[Verdict], sure: Sequence[Verdict]) -> str:
    """Whether the highest is surely so."""
    beside = [v.other.name for v in tested if v.one.name == name and v not in sure]
    if not beside:
        return f"**{name}** is higher than every other."
    more = f" and {len(beside) - _NAMED} more" if len(beside) > _NAMED else ""
    return f"{name} has the highest, but not surely higher than {', '.join(beside[:_NAMED])}{more}."


def _pair(v: Verdict, value: ResultColumn, locale: str) -> str:
    figures = f"**{_short(v.one.figure, value, locale)}** against **{_short(v.other.figure, value, locale)}**"
    if v.chance >= _SURE:
        return (
            f"No: the difference in {lowered(value.label)} between **{v.one.name}** and **{v.other.name}** ({figures}) "
            f"may well be chance ({chance_told(v.chance)})."
        )
    more = f", {_percent(100 * (v.one.figure / v.other.figure - 1), locale)} more" if v.other.figure > 0 else ""
    return (
        f"Yes: **{v.one.name}** has a higher {lowered(value.label)} than **{v.other.name}**: {figures}{more}. That is "
        f"more than chance ({chance_told(v.chance)}); as a difference it is {v.size}."
    )


def _method(tested: Sequence[Verdict], overall: Together | None, found: Observed) -> str:
    whole = "" if overall is None else f"All groups at once: {overall.test} ({chance_told(overall.chance)}). Each two: "
    names = " and ".join(sorted({v.test for v in tested}))
    effects = ""
    if len(tested) == 1:
        effects = f" Effect size: {_EFFECTS[tested[0].measure]} = {tested[0].effect:.2f}."
    many = f" The chances are corrected for {len(tested)} comparisons (Holm)." if len(tested) > 1 else ""
    count = sum(s.size for s in found.samples)
    return f"{whole}{names}, over {count:,} {found.unit}s, two-sided.{effects}{many}"


def chance_told(chance: float) -> str:
    return "p < 0.001" if chance < 0.001 else f"p = {chance:.3f}" if chance < 0.1 else f"p = {chance:.2f}"


def _short(value: float, column: ResultColumn, locale: str) -> str:
    return format_short(float(value), column, locale)


def _percent(value: float, locale: str) -> str:
    return format_value(round(float(value), 1), _PERCENT, locale)


def lowered(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
