"""The files of handlers by their names; one is read when somebody first does what stands in it.

All of them, with their views, would take a quarter of the start; the first answers need two.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from bot.chat import handlers

if TYPE_CHECKING:
    from bot.chat.handlers import (
        admin as admin,
    )
    from bot.chat.handlers import (
        admin_bulk as admin_bulk,
    )
    from bot.chat.handlers import (
        admin_desk as admin_desk,
    )
    from bot.chat.handlers import (
        admin_edit as admin_edit,
    )
    from bot.chat.handlers import (
        admin_feeds as admin_feeds,
    )
    from bot.chat.handlers import (
        admin_history as admin_history,
    )
    from bot.chat.handlers import (
        admin_lines as admin_lines,
    )
    from bot.chat.handlers import (
        admin_meetings as admin_meetings,
    )
    from bot.chat.handlers import (
        admin_news as admin_news,
    )
    from bot.chat.handlers import (
        admin_people as admin_people,
    )
    from bot.chat.handlers import (
        admin_queue as admin_queue,
    )
    from bot.chat.handlers import (
        articles as articles,
    )
    from bot.chat.handlers import (
        check_in as check_in,
    )
    from bot.chat.handlers import (
        compare as compare,
    )
    from bot.chat.handlers import (
        fellowship as fellowship,
    )
    from bot.chat.handlers import (
        find as find,
    )
    from bot.chat.handlers import (
        handed as handed,
    )
    from bot.chat.handlers import (
        handoff as handoff,
    )
    from bot.chat.handlers import (
        meeting as meeting,
    )
    from bot.chat.handlers import (
        note as note,
    )
    from bot.chat.handlers import (
        options as options,
    )
    from bot.chat.handlers import (
        plan as plan,
    )
    from bot.chat.handlers import (
        preferences as preferences,
    )
    from bot.chat.handlers import (
        privacy as privacy,
    )
    from bot.chat.handlers import (
        remind as remind,
    )
    from bot.chat.handlers import (
        reminders as reminders,
    )
    from bot.chat.handlers import (
        report as report,
    )
    from bot.chat.handlers import (
        start as start,
    )
    from bot.chat.handlers import (
        suggest as suggest,
    )
    from bot.chat.handlers import (
        talk_first as talk_first,
    )
    from bot.chat.handlers import (
        tough_times as tough_times,
    )
    from bot.chat.handlers import (
        treatment as treatment,
    )
    from bot.chat.handlers import (
        urgent as urgent,
    )


class _Unread:
    """A file of handlers: what is taken from it are functions, whatever they answer."""

    def __init__(self, name: str) -> None:
        self._name = f"{handlers.__name__}.{name}"

    def __getattr__(self, function: str) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            return getattr(import_module(self._name), function)(*given)

        return call


_NAMES = tuple(one.name for one in iter_modules(handlers.__path__))
globals().update({name: _Unread(name) for name in _NAMES})


def read_all() -> None:
    """Read every file now."""
    for name in _NAMES:
        import_module(f"{handlers.__name__}.{name}")
