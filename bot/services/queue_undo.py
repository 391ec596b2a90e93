"""Takes back answers to what waits: what was put off, and what became of suggestions."""

from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime

from bot.domain.admin import Admin
from bot.domain.audit import Subject, Values
from bot.domain.suggestion import State
from bot.store import put_off, suggestions
from bot.store.database import Connection

PUT_OFF, SUGGESTION = "put_off", "suggestion"


class UndoPutOff:
    """What was put off waits again, or until the time before."""

    def turn(self, subject: Subject) -> AbstractAsyncContextManager[object]:
        """Nothing has to be waited for: rows are locked in the transaction."""
        return nullcontext()

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """Until when."""
        return {"until": written(await put_off.until(connection, subject.id))}

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Another time, or none."""
        await put_off.put(
            connection, subject.id, datetime.fromisoformat(values["until"]) if values["until"] else None
        )


class UndoSuggestions:
    """A suggestion that was answered waits again. What a person typed into content/ meanwhile stays there."""

    def turn(self, subject: Subject) -> AbstractAsyncContextManager[object]:
        """As above."""
        return nullcontext()

    async def now(self, connection: Connection, subject: Subject, fields: tuple[str, ...]) -> Values:
        """What became of it; nothing about one that is not there any more."""
        found = await suggestions.by_id(connection, int(subject.id))
        return {} if found is None else {"state": found.state.value}

    async def put(
        self, connection: Connection, subject: Subject, values: Values, who: Admin | None, at: datetime
    ) -> None:
        """Set it back."""
        state = State(values["state"])
        await suggestions.put(connection, int(subject.id), state, None if state is State.WAITING else at.date())


def written(until: datetime | None) -> str:
    """An instant as the audit writes it; "" for none."""
    return "" if until is None else until.isoformat(timespec="seconds")
