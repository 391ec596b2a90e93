"""The table of everything a person can do: the menu, /help and the dispatch of presses all come from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat.context import Visit
from bot.chat.handlers import fellowship, find, meeting, privacy, start, urgent
from bot.domain.buttons import Action
from bot.texts.library import Texts
from bot.views.screen import Screen

Handler = Callable[[Visit], Awaitable[Screen]]


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `argued` answers it when words follow, `label` is the button that says the same."""

    name: str
    handler: Handler
    argued: Handler | None = None
    label: str = ""


COMMANDS: tuple[Command, ...] = (
    Command("start", start.start),
    Command("find", find.ask_place, argued=find.free_text, label="find_a_meeting"),
    Command("now", find.online_now, label="online_now"),
    Command("online", find.online, label="online"),
    Command("options", fellowship.options, label="options"),
    Command("family", find.family, label="family"),
    Command("urgent", urgent.urgent, label="urgent_help"),
    Command("privacy", privacy.privacy, label="privacy"),
    Command("forget", privacy.forget, label="forget"),
    Command("language", start.choose_language),
    Command("help", start.help_screen, label="help"),
)

ACTIONS: dict[Action, Handler] = {
    Action.START: start.start,
    Action.ASK_PLACE: find.ask_place,
    Action.ASK_ABOUT: find.ask_about,
    Action.ASK_ABOUT_MORE: find.ask_about,
    Action.LIST: find.show_list,
    Action.PAGE: find.turn_page,
    Action.MEETING: meeting.card,
    Action.EXPECT: fellowship.expect,
    Action.TALK_FIRST: fellowship.talk_first,
    Action.FELLOWSHIP: fellowship.card,
    Action.OTHER_ACTIONS: meeting.other_actions,
    Action.CALENDAR: meeting.calendar,
    Action.SHARE: meeting.share,
    Action.URGENT: urgent.urgent,
    Action.URGENT_COUNTRY: urgent.urgent,
    Action.URGENT_COUNTRIES: urgent.countries,
    Action.ONLINE_NOW: find.online_now,
    Action.WHY_ORDER: find.why_order,
    Action.CHANGE: find.change,
    Action.ASK_WHEN: find.ask_when,
    Action.ASK_FILTERS: find.ask_filters,
    Action.FAMILY: find.family,
    Action.OPTIONS: fellowship.options,
    Action.PRIVACY: privacy.privacy,
    Action.FORGET: privacy.forget,
    Action.HELP: start.help_screen,
    Action.LANGUAGE: start.language,
    Action.JOIN_HELP: fellowship.join_help,
    Action.RESUME: find.show_list,
}

# What a reply to a question does, by the action its link carries; any other reply is read as a search.
REPLIES: dict[Action, Handler] = {}


def menu(texts: Texts) -> list[tuple[str, str]]:
    """Every command with its line, in the order of the table."""
    return [(command.name, texts.commands[command.name]) for command in COMMANDS]


def command_named(name: str) -> Command | None:
    """The command of that name."""
    return next((command for command in COMMANDS if command.name == name), None)


def command_labelled(text: str, every: tuple[Texts, ...]) -> Command | None:
    """The command whose button label was typed, in any language."""
    typed = text.strip().casefold()
    for command in COMMANDS:
        if command.label and any(typed == texts.label(command.label).casefold() for texts in every):
            return command
    return None
