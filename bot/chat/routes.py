"""The table of everything a person can do: the menu, /help and the dispatch of presses all come from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat.context import Visit
from bot.chat.doings import (
    admin,
    admin_bulk,
    admin_desk,
    admin_edit,
    admin_feeds,
    admin_history,
    admin_lines,
    admin_meetings,
    admin_news,
    admin_people,
    admin_queue,
    articles,
    check_in,
    compare,
    fellowship,
    find,
    handed,
    handoff,
    meeting,
    note,
    options,
    plan,
    preferences,
    privacy,
    remind,
    reminders,
    report,
    start,
    suggest,
    talk_first,
    tough_times,
    treatment,
    urgent,
)
from bot.domain.buttons import Action
from bot.texts.library import Texts
from bot.views.screen import Screen

Handler = Callable[[Visit], Awaitable[Screen]]


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `argued` answers it when words follow, `label` is the button that says the same.

    `words`: the label that lists, with commas, other words that mean it when they are all that is typed.
    `helpers`: stands in no menu but that of people who help.
    """

    name: str
    handler: Handler
    argued: Handler | None = None
    label: str = ""
    words: str = ""
    helpers: bool = False


COMMANDS: tuple[Command, ...] = (
    Command("start", start.start),
    Command("find", find.ask_place, argued=find.free_text, label="find_a_meeting"),
    Command("now", find.online_now, label="online_now"),
    Command("online", find.online, label="online"),
    Command("options", options.options, argued=options.typed, label="options"),
    Command("family", find.family, label="family"),
    Command("read", articles.read, argued=articles.named, label="articles"),
    Command("reminders", reminders.listed, label="my_reminders"),
    Command("plan", plan.plan, argued=plan.typed, label="my_plan"),
    Command("handoff", handoff.start, label="hand_off"),
    Command("urgent", urgent.urgent, label="urgent_help"),
    Command("privacy", privacy.privacy, label="privacy"),
    Command("export", privacy.export, label="export"),
    Command("forget", privacy.forget, label="forget"),
    Command("clear", privacy.clear, label="clear"),
    Command("stop", reminders.stop_all, label="stop_all", words="stop_words"),
    Command("language", start.choose_language),
    Command("help", start.help_screen, label="help"),
    Command("admin", admin.home, argued=admin.typed_code, helpers=True),
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
    Action.TALK_FIRST: talk_first.talk_first,
    Action.FELLOWSHIP: fellowship.card,
    Action.ALL_FACTS: fellowship.all_facts,
    Action.COMPARE_WITH: compare.choose,
    Action.COMPARE: compare.compare,
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
    Action.OPTIONS: options.options,
    Action.PRIVACY: privacy.privacy,
    Action.FORGET: privacy.forget,
    Action.HELP: start.help_screen,
    Action.LANGUAGE: start.language,
    Action.JOIN_HELP: fellowship.join_help,
    Action.RESUME: find.show_list,
    Action.READ: articles.read,
    Action.SUGGEST: suggest.ask,
    Action.SUGGEST_CARD: suggest.ask,
    Action.TREATMENT: treatment.treatment,
    Action.REPORT: report.ask,
    Action.REPORT_SEND: report.send,
    Action.REMIND: remind.ask,
    Action.REMINDER_SET: remind.set_reminder,
    Action.REMINDER: remind.one,
    Action.REMINDER_PUT: remind.put,
    Action.REMINDER_OPEN: reminders.opened,
    Action.REMINDER_HIDE: reminders.hidden,
    Action.REMINDER_LATER: reminders.later,
    Action.REMINDER_SKIP: reminders.skip,
    Action.REMINDER_STOP: reminders.stop,
    Action.STOP_ALL: reminders.stop_all,
    Action.REMINDERS: reminders.listed,
    Action.REMINDER_KEEP: reminders.keep,
    Action.NOTICE_OPEN: reminders.notice_opened,
    Action.NOTICE_HIDE: reminders.notice_hidden,
    Action.CHECK_IN: check_in.answered,
    Action.ZONE: preferences.zone,
    Action.QUIET: preferences.quiet,
    Action.PLAN: plan.plan,
    Action.TOUGH_TIME: tough_times.add,
    Action.TOUGH_TIME_OPEN: tough_times.opened,
    Action.TOUGH_TIME_HIDE: reminders.tough_time_hidden,
    Action.TOUGH_TIME_STOP: reminders.tough_time_stopped,
    Action.KEEP_LANGUAGE: preferences.keep_language,
    Action.EXPORT: privacy.export,
    Action.HANDOFF: handoff.start,
    Action.HANDOFF_PLACE: handoff.ask_place,
    Action.HANDOFF_ABOUT: handoff.about,
    Action.HANDOFF_PICK: handoff.pick,
    Action.HANDOFF_FILTERS: handoff.filters,
    Action.HANDOFF_LANGUAGE: handoff.language,
    Action.HANDOFF_MAKE: handoff.make,
    Action.HANDOFF_PAPER: handoff.paper,
    Action.HANDOFF_TOGETHER: handoff.together,
    Action.HANDOFF_SHOW: handed.again,
    Action.HANDOFF_ALONG: handed.along,
    Action.NOTE: note.day,
    Action.NOTE_WRITTEN: note.written,
    Action.CLEAR: privacy.clear,
    Action.ADMIN: admin.pressed_home,
    Action.ADMIN_OFFER: admin.offer,
    Action.ADMIN_JOIN: admin.join,
    Action.ADMIN_NAME: admin.ask_name,
    Action.ADMIN_LEAVE: admin.leave,
    Action.ADMIN_FEEDS: admin_feeds.listed,
    Action.ADMIN_FEED: admin_feeds.one,
    Action.ADMIN_HELD: admin_feeds.held,
    Action.ADMIN_ACCEPT: admin_feeds.accept,
    Action.ADMIN_REFUSE: admin_feeds.refuse,
    Action.ADMIN_PEOPLE: admin_people.listed,
    Action.ADMIN_PERSON: admin_people.one,
    Action.ADMIN_GIVE: admin_people.give,
    Action.ADMIN_AREA: admin_people.ask_area,
    Action.ADMIN_HISTORY: admin_history.listed,
    Action.ADMIN_CHANGE: admin_history.one,
    Action.ADMIN_QUEUE: admin_queue.listed,
    Action.ADMIN_ITEM: admin_queue.one,
    Action.ADMIN_ITEM_DO: admin_queue.do,
    Action.ADMIN_ITEM_REASON: admin_queue.ask_reason,
    Action.ADMIN_ITEM_MEETINGS: admin_queue.meetings,
    Action.ADMIN_OLD: admin_queue.old,
    Action.ADMIN_LINE: admin_lines.choose,
    Action.ADMIN_FIND: admin_meetings.ask,
    Action.ADMIN_FORM: admin_edit.form,
    Action.ADMIN_MEETING: admin_meetings.one,
    Action.ADMIN_DRAFT: admin_edit.draft,
    Action.ADMIN_SAVE: admin_edit.save,
    Action.ADMIN_GIVE_UP: admin_meetings.give_up,
    Action.ADMIN_TAKE_BACK: admin_edit.take_back,
    Action.ADMIN_ADD: admin_edit.add,
    Action.ADMIN_DAY_GONE: admin_meetings.day_gone,
    Action.ADMIN_BULK: admin_bulk.home,
    Action.ADMIN_BULK_EXPORT: admin_bulk.export,
    Action.ADMIN_BULK_APPLY: admin_bulk.apply,
    Action.ADMIN_BULK_LINK: admin_bulk.ask_link,
    Action.ADMIN_DESK: admin_desk.desk,
    Action.ADMIN_NEWS: admin_news.news,
    Action.ADMIN_NEWS_SET: admin_news.put,
}

# What a reply to a question does, by the action its link carries; any other reply is read as a search.
REPLIES: dict[Action, Handler] = {
    Action.SUGGEST: suggest.reply,
    Action.SUGGEST_CARD: suggest.reply,
    Action.REPORT: report.reply,
    Action.HANDOFF_PLACE: handoff.placed,
    Action.PLAN: plan.typed,
    Action.ZONE: preferences.town,
    Action.TOUGH_TIME: tough_times.typed,
    Action.ADMIN_NAME: admin.named,
    Action.ADMIN_AREA: admin_people.area_typed,
    Action.ADMIN_ITEM_REASON: admin_queue.reasoned,
    Action.ADMIN_LINE: admin_lines.typed,
    Action.ADMIN_FIND: admin_meetings.found,
    Action.ADMIN_FORM: admin_edit.typed,
    Action.ADMIN_BULK_LINK: admin_bulk.sent,
    Action.ADMIN_NEWS: admin_news.town,
}

# A link may come from anybody: nothing is kept, changed or erased because a link was opened.
NOT_BY_LINK = frozenset(
    {action for action in Action if Action.REMINDER_SET <= action <= Action.EXPORT}
    | {Action.FORGET, Action.REPORT_SEND, Action.CLEAR}
    | {action for action in Action if action >= Action.ADMIN}
) - {Action.ADMIN_OFFER, Action.ADMIN_NAME, Action.ADMIN_AREA}  # these three only ask

# Whether a reply that sounds like an emergency is surely what the question asked for: then, after the urgent card,
# it is dealt with too. A revision of the article on overdose speaks of overdose.
SURE_REPLIES: dict[Action, Callable[[Visit], bool]] = {
    Action.SUGGEST: suggest.is_surely_one,
    Action.SUGGEST_CARD: suggest.is_surely_one,
    Action.ADMIN_ITEM_REASON: admin_queue.is_surely_one,
    Action.ADMIN_LINE: admin_lines.is_surely_one,
    Action.REPORT: report.is_surely_one,
    Action.ADMIN_FORM: admin_edit.is_surely_one,
}

# The same of commands with words: "/read overdose" asks for that article.
SURE_COMMANDS: dict[str, Callable[[Visit], bool]] = {"read": articles.is_surely_one}


def menu(texts: Texts) -> list[tuple[str, str]]:
    """Every command with its line, in the order of the table."""
    return [(command.name, texts.commands[command.name]) for command in COMMANDS if not command.helpers]


def whole_menu(texts: Texts) -> list[tuple[str, str]]:
    """The same for people who help."""
    return [(command.name, texts.commands[command.name]) for command in COMMANDS]


def command_named(name: str) -> Command | None:
    """The command of that name."""
    return next((command for command in COMMANDS if command.name == name), None)


def command_labelled(text: str, every: tuple[Texts, ...]) -> Command | None:
    """The command whose button label was typed, in any language."""
    typed = text.strip().strip(".!").casefold()
    for command in COMMANDS:
        if any(typed in _words_for(command, texts) for texts in every):
            return command
    return None


def _words_for(command: Command, texts: Texts) -> set[str]:
    """What can be typed for a command beside its name."""
    said = [texts.label(command.label)] if command.label else []
    if command.words:
        said += texts.label(command.words).split(",")
    return {one.strip().casefold() for one in said}
