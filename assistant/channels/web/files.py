"""Downloads: the whole result behind an answer as CSV or Excel, and the files that were uploaded to a conversation."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Response
from fastapi.responses import FileResponse

from assistant.channels.entrance import Entrance
from assistant.desk import Desk
from assistant.people.door import Asker

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
EXCEL_FORMATS = {"currency": "#,##0.00", "percent": '0.0"%"', "number": "#,##0.00", "integer": "#,##0"}
FORMULA = re.compile(r"^[=+\-@\t\r]")


def routes(desk: Desk, entrance: Entrance) -> APIRouter:
    """GET /conversations/{thread}/results/{element}.{csv|xlsx} and /conversations/{thread}/files/{element}.

    404 for everything that is not the asker's own; 410 for a result of data that they may see no more."""
    from chainlit.auth import get_current_user
    from chainlit.data import get_data_layer

    router = APIRouter(prefix="/conversations/{thread_id}")

    async def own(thread_id: str, user: Any = Depends(get_current_user)) -> Asker:  # noqa: B008
        author = await get_data_layer().get_thread_author(thread_id)
        person = entrance.known_user(user)
        if person is None or not author or author != person.seat:
            raise HTTPException(404, "There is no such conversation of yours.")
        return Asker.of(person, "web")

    @router.get("/results/{element_id}.{ending}")
    async def download(thread_id: str, element_id: str, ending: str, asker: Asker = Depends(own)) -> Response:  # noqa: B008
        table = await get_data_layer().get_result(thread_id, element_id) if ending in FORMATS else None
        if table is None:
            raise HTTPException(404, "There is no such result. Ask the question again to get a new one.")
        if table.get("mark", "") is not None and table.get("mark", "") != (await desk.workspace(asker)).mark:
            raise HTTPException(410, "What you may see of the data has changed since. Ask the question again.")
        desk.write(asker, "downloaded", thread=thread_id, title=table["title"], format=ending, rows=len(table["rows"]))
        body = as_csv(table) if ending == "csv" else as_excel(table)
        name = re.sub(r"[^A-Za-z0-9]+", "-", table["title"]).strip("-").lower()[:60] or "result"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}.{ending}"',
            "Cache-Control": "private, no-store",
        }
        return Response(body, media_type=FORMATS[ending], headers=headers)

    @router.get("/files/{element_id}")
    async def uploaded(thread_id: str, element_id: str, asker: Asker = Depends(own)) -> Response:  # noqa: B008
        path = desk.uploads(asker).find(thread_id, element_id)
        if path is None:
            raise HTTPException(404, "There is no such file in this conversation.")
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")

    return router


def as_csv(table: dict[str, Any]) -> bytes:
    """UTF-8 with a byte-order mark, without which Excel misreads accents. Texts that a spreadsheet would run as a
    formula get a leading apostrophe (OWASP, CSV injection)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_inert(column["label"]) for column in table["columns"]])
    for row in table["rows"]:
        writer.writerow([_inert(value) if isinstance(value, str) else value for value in row])
    return out.getvalue().encode("utf-8-sig")


def as_excel(table: dict[str, Any]) -> bytes:
    """One sheet: a bold, frozen header, numbers and dates as numbers and dates."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Result")
    sheet.freeze_panes = "A2"
    for i, column in enumerate(table["columns"]):
        widest = max([len(column["label"]), *(len(str(row[i])) for row in table["rows"][:200])])
        sheet.column_dimensions[get_column_letter(i + 1)].width = min(48, widest + 3)

    def cell(value: Any, kind: str) -> Any:
        if kind == "time" and isinstance(value, str):
            value = _moment(value)
        made = WriteOnlyCell(sheet, value=value if not isinstance(value, str) else ILLEGAL.sub("", value))
        if isinstance(value, str):
            made.data_type = "s"  # never a formula
        elif isinstance(value, int | float) and not isinstance(value, bool) and kind in EXCEL_FORMATS:
            made.number_format = EXCEL_FORMATS[kind]
        return made

    header = [WriteOnlyCell(sheet, value=ILLEGAL.sub("", column["label"])) for column in table["columns"]]
    for made in header:
        made.font = Font(bold=True)
        made.data_type = "s"
    sheet.append(header)
    kinds = [column["kind"] for column in table["columns"]]
    for row in table["rows"]:
        sheet.append([cell(value, kind) for value, kind in zip(row, kinds, strict=True)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Characters that a spreadsheet file may not hold."""


def _inert(text: str) -> str:
    return "'" + text if FORMULA.match(text) else text


def _moment(text: str) -> date | datetime | str:
    for kind in (date, datetime):
        try:
            made = kind.fromisoformat(text)
        except ValueError:
            continue
        return made.replace(tzinfo=None) if isinstance(made, datetime) else made
    return text
