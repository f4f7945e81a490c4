"""How fresh the data is."""

from __future__ import annotations

import logging
import time
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from zoneinfo import ZoneInfo

from knowledge.model import SemanticModel
from knowledge.warehouse import QueryFailed, QueryTimeout, Warehouse

log = logging.getLogger("parley.freshness")
_SECONDS = 10.0
"""That finding out may take, in all."""


def freshest(path: Path, warehouse: Warehouse, model: SemanticModel, state_dir: Path) -> datetime | None:
    """The newest moment, up to now, of the fields that say when things happened; a moment to come (a planned delivery)
    counts only where there is no other. Kept in the state folder while the file stays the same."""
    clock = datetime.now(ZoneInfo(model.time_zone)).replace(tzinfo=None)
    times = [(d.source, d.field(d.default_time).sql) for d in model.datasets if d.default_time]
    state = path.stat()
    mark = blake2b(
        repr((str(path.resolve()), state.st_size, state.st_mtime_ns, times, clock.date())).encode(), digest_size=12
    )
    kept = state_dir / "freshness" / f"{mark.hexdigest()}.txt"
    try:
        text = kept.read_text(encoding="utf-8")
        return datetime.fromisoformat(text) if text else None
    except (OSError, ValueError):
        pass
    past: list[datetime] = []
    future: list[datetime] = []
    until = time.monotonic() + _SECONDS
    for source, field in times:
        left = until - time.monotonic()
        if left <= 0:
            log.warning("freshness: not every table was looked at in %g s", _SECONDS)
            break
        now = f"TIMESTAMP '{clock:%Y-%m-%d %H:%M:%S}'"
        sql = f"SELECT max(t) FILTER (WHERE t <= {now}), max(t) FROM (SELECT {field} AS t FROM {source}) AS s"
        try:
            _, rows, _ = warehouse.query(sql, max_rows=1, timeout_s=left)
        except (QueryFailed, QueryTimeout) as error:
            log.warning("no freshness for %s: %s", source, error)
            continue
        past += [m for m in [_moment(rows[0][0])] if m]
        future += [m for m in [_moment(rows[0][1])] if m]
    newest = max(past or future, default=None)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(newest.isoformat() if newest else "", encoding="utf-8")
    except OSError as error:
        log.info("the data's freshness is not kept: %s", error)
    return newest


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None
