"""Verified questions: files that say what a question means here, each checked by somebody, kept beside the model."""

from __future__ import annotations

from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from knowledge.request import Request


class VerifiedQuestion(BaseModel):
    """A question with its checked reading: a request, or (where a request can't say it) the SQL."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    question: str
    request: Request | None = None
    sql: str | None = None
    verified_by: str
    verified_at: date
    use_as_onboarding_question: bool = False
    """Offered to people who are new to the data."""

    @model_validator(mode="after")
    def _one_reading(self) -> VerifiedQuestion:
        if (self.request is None) == (self.sql is None):
            raise ValueError("give either `request` or `sql`")
        return self


class BadQuestion(ValueError):
    """A file that is no verified question; the message names it and says what to mend."""


def read_questions(folder: Path | Traversable) -> list[VerifiedQuestion]:
    """The questions of a `queries/` folder, one YAML file each, by file name; none where there is no such folder.

    Raises BadQuestion."""
    if not folder.is_dir():
        return []
    files = sorted((f for f in folder.iterdir() if f.name.endswith((".yaml", ".yml"))), key=lambda f: f.name)
    return [_read(file) for file in files]


def _read(file: Path | Traversable) -> VerifiedQuestion:
    try:
        return VerifiedQuestion.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise BadQuestion(f"{file.name}: it is not YAML ({str(error).splitlines()[0]})") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadQuestion(f"{file.name}: {place + ': ' if place else ''}{first['msg']}") from error
