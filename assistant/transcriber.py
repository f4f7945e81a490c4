"""Speech written down by a model, where one is configured for it."""

from __future__ import annotations

import logging

from assistant.settings import Settings

log = logging.getLogger("parley.transcriber")
_TIMEOUT_S = 60.0


class CannotHear(Exception):
    """A recording could not be written down; the message says what to do."""


class Transcriber:
    """The model PARLEY_TRANSCRIBER of an OpenAI-compatible server, reached as the language model is."""

    def __init__(self, settings: Settings):
        self._settings = settings

    async def written(self, recording: bytes, name: str) -> str:
        """What is said in it. `name` ends in the kind of file: "note.ogg". Raises CannotHear."""
        from openai import AsyncOpenAI, OpenAIError

        settings = self._settings
        key = settings.api_key.get_secret_value() if settings.api_key else "none" if settings.base_url else None
        try:
            async with AsyncOpenAI(base_url=settings.base_url, api_key=key, timeout=_TIMEOUT_S) as client:
                asked = client.audio.transcriptions.create(model=settings.transcriber or "", file=(name, recording))
                text = (await asked).text.strip()
        except OpenAIError as error:
            log.warning("a recording could not be written down: %s", error)
            raise CannotHear("I can't listen to that now. Write it, please.") from error
        if not text:
            raise CannotHear("I could not hear any words in that. Write it, please.")
        return text
