"""Opening data: from a name that a person gives to a Workspace; and remembering which one was chosen."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from knowledge import values
from knowledge.calendar import Calendar
from knowledge.freshness import freshest
from knowledge.model import SemanticModel
from knowledge.observe import observed
from knowledge.packs.template import chosen_template, in_its_words
from knowledge.profile.derived import TODAY
from knowledge.verified import VerifiedQuestion, read_questions
from knowledge.warehouse import WarehouseGone
from knowledge.warehouse.duckdb import DuckDBWarehouse
from knowledge.workspace import Workspace

log = logging.getLogger("parley.opening")
DEMO = "demo"
_CHOSEN = "chosen.json"


def open_workspace(
    source: str | None, state_dir: Path, model: Path | None = None, as_of: date | None = None,
    progress: Callable[[str, float], None] = lambda label, part: None, *, industry: str = "auto",
) -> Workspace:  # fmt: skip
    """The data that `source` names (None or "demo": the retail demo), what its words mean, and its day: `as_of`, else
    as the model says, the clock's or the data's last. Verified questions are read from `queries/` beside the model.
    `industry`: as in Settings; where nobody described the data, it is also known by the words of its trade.

    Raises BadSource, WarehouseGone, BadModel, BadQuestion, UnknownIndustry."""
    semantic: SemanticModel | None = None
    checked: list[VerifiedQuestion] = []
    if source is None or source == DEMO:
        from knowledge.packs import load_demo, questions

        name, checked = DEMO, questions("retail")
        path, semantic = load_demo(state_dir, progress)
    else:
        from knowledge.sources import open_source

        name = Path(source).stem or "data"
        path = open_source(source, state_dir)
    if model is not None:
        from knowledge.osi import load

        semantic, checked = load(model), read_questions(model.parent / "queries")
    described = semantic is not None
    warehouse = DuckDBWarehouse(path, time_zone=semantic.time_zone if semantic else SemanticModel.time_zone)
    try:
        if semantic is None:
            from knowledge.profile import load_or_profile

            semantic = load_or_profile(path, state_dir, name)
        else:
            semantic = observed(semantic, warehouse, path, state_dir)
            for line in semantic.unsaid:
                log.warning("the model: %s", line)
        template = chosen_template(semantic, industry)
        index = values.load_or_build(path, semantic, state_dir)
    except duckdb.Error as error:
        warehouse.close()
        raise WarehouseGone(
            f"The data file {path.name!r} can't be read: it is damaged, or it does not have the tables of the model."
        ) from error
    except BaseException:
        warehouse.close()
        raise
    clock = datetime.now(ZoneInfo(semantic.time_zone)).replace(tzinfo=None)
    fresh = freshest(path, warehouse, semantic, state_dir)
    today = as_of or (fresh.date() if fresh and semantic.today == "data" else clock.date())
    semantic = _as_of(semantic, today)
    if template is not None and not described:
        semantic = in_its_words(semantic, template)
    calendar = Calendar.for_model(semantic, today=today)
    return Workspace(name, warehouse, semantic, index, calendar, fresh, tuple(checked), template)


def _as_of(model: SemanticModel, today: date) -> SemanticModel:
    """The model, with the fields that depend on the day they are asked on (an age) as they are on that day."""
    day = f"DATE '{today:%Y-%m-%d}'"
    datasets = tuple(
        replace(d, fields=tuple(replace(f, sql=f.sql.replace(TODAY, day)) if TODAY in f.sql else f for f in d.fields))
        for d in model.datasets
    )
    return replace(model, datasets=datasets)


def choose(source: str, state_dir: Path) -> None:
    """Remember the data for later commands. Raises what opening it raises."""
    if source != DEMO:
        from knowledge.sources import open_source

        open_source(source, state_dir)
        source = str(Path(source).expanduser().resolve()) if "://" not in source else source
    state_dir.mkdir(parents=True, exist_ok=True)
    draft = state_dir / f"{_CHOSEN}.new"
    draft.write_text(json.dumps({"source": source}), encoding="utf-8")
    draft.replace(state_dir / _CHOSEN)


def chosen(state_dir: Path) -> str | None:
    """What `choose` remembered."""
    try:
        return str(json.loads((state_dir / _CHOSEN).read_text(encoding="utf-8"))["source"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
