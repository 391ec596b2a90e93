"""`setup`: the operator's first day. Asks, writes `.env`, turns lists on, and prints a code for the first owner."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import dotenv
import typer
from babel import Locale

from bot.app import Work, open_work
from bot.cli.shared import complete, ready
from bot.domain.errors import FeedError, OperatorError
from bot.domain.feed import FeedCard, folded
from bot.domain.fellowship import Fellowship
from bot.settings import ENV_FILE, PREFIX, Settings, load_settings, refusal

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"
OTHER_NAMES = {"uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "usa": "US",
               "america": "US", "holland": "NL", "eire": "IE"}  # fmt: skip
NONE, ALL = "none", "all"

# What is asked, in this order: the setting, the question, and what an empty answer means.
QUESTIONS = (
    ("token", "Token of your bot, from @BotFather (empty: only the preview on this machine)"),
    ("operator", "Who runs this bot? People see this name (may be empty)"),
    ("contact", "How do people reach you? An e-mail address or a web page (may be empty)"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is for a country: lists, and the kinds that none of them covers."""

    cards: tuple[FeedCard, ...]
    without: tuple[Fellowship, ...]


def setup(
    token: Annotated[str | None, typer.Option(help="The token from @BotFather.")] = None,
    operator: Annotated[str | None, typer.Option(help="Who runs the bot.")] = None,
    contact: Annotated[str | None, typer.Option(help="An e-mail address or a web page.")] = None,
    country: Annotated[str | None, typer.Option(help="The country, by name or ISO code.")] = None,
    area: Annotated[str | None, typer.Option(help="A town or region; lists that name it come first.")] = None,
    feeds: Annotated[str | None, typer.Option(help="Lists to turn on, commas between; or all, or none.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: take the options and what is set.")] = False,
) -> None:
    """Set up a bot: ask for what it needs, write .env, turn lists on, and print a code for the first owner."""
    present = ready()
    given = {"token": token, "operator": operator, "contact": contact}
    values = {name: _value(name, question, given[name], present, ask=not yes) for name, question in QUESTIONS}
    values["country"] = _country(country, present, ask=not yes)
    where = area if area is not None or yes else typer.prompt("Which town or region? (may be empty)", default="")
    complete(_set_up(present, values, (where or "").strip(), feeds, ask=not yes))


async def _set_up(present: Settings, values: Mapping[str, str], area: str, feeds: str | None, *, ask: bool) -> None:
    async with open_work(present) as work:
        on = set(await work.sync.enabled())
        offer = offered(work.sync.cards, work.fellowships, values["country"], area)
        chosen = _chosen(offer.cards, on, feeds, ask=ask)
        print(f"\nThis will be written to {ENV_FILE}:")
        for name, value in values.items():
            print(f"  {PREFIX}{name.upper()}={'(the token)' if name == 'token' and value else value}")
        print(f"Lists that will be on: {', '.join(sorted({*chosen, *on})) or 'none yet'}")
        if ask and not typer.confirm("Is that right?", default=True):
            raise OperatorError("Nothing was changed.")
        write_env(ENV_FILE, values)
        for feed in chosen:
            await _turned_on(work, feed)
        code = await _code(work)
    _told(offer, {*chosen, *on}, code, values, work)


def offered(cards: Mapping[str, FeedCard], fellowships: Mapping[str, Fellowship], country: str, area: str) -> Offer:
    """The lists for a country, those that name the area first, and the kinds that have no list there."""
    fit = [card for card in cards.values() if not card.countries or country in card.countries]
    named = folded(area)
    fit.sort(key=lambda card: (not _names(card, named), bool(card.areas), card.fellowship, card.id))
    covered = {card.fellowship for card in fit}
    without = [kind for name, kind in sorted(fellowships.items()) if kind.live and name not in covered]
    return Offer(tuple(fit), tuple(without))


def write_env(file: Path, values: Mapping[str, str]) -> None:
    """Set these settings in a file and leave the rest of it as it is; a new one begins with every setting's help.

    Only its owner can read it afterwards. Raises OperatorError when it cannot be written; it is then as it was.
    """
    try:
        if not file.exists():
            started = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(started, "w", encoding="utf-8") as new:
                new.write(EXAMPLE.read_text(encoding="utf-8") if EXAMPLE.is_file() else "")
        file.chmod(0o600)
        for name, value in values.items():
            dotenv.set_key(file, PREFIX + name.upper(), value, quote_mode="always" if value else "never")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{file} cannot be written: {type(error).__name__}.") from None


def country_code(text: str) -> str:
    """A country by its name in English or Spanish, or by its code, as ISO alpha-2; "" for none of that name."""
    word = folded(text)
    if word in OTHER_NAMES:
        return OTHER_NAMES[word]
    for language in ("en", "es"):
        for code, name in Locale(language).territories.items():
            if re.fullmatch(r"[A-Z]{2}", code) and word in (code.lower(), folded(name)):
                return str(code)
    return ""


def _value(name: str, question: str, given: str | None, present: Settings, *, ask: bool) -> str:
    """One setting: as given, else as it is set, else asked for until it is right."""
    kept = _present(name, present)
    if given is not None or not ask:
        value = (kept if given is None else given).strip()
        if wrong := refusal(name, value):
            raise OperatorError(wrong)
        return value

    def right(typed: str) -> str:
        if wrong := refusal(name, typed.strip()):
            raise typer.BadParameter(wrong)
        return typed.strip()

    return _asked(question, kept, right, hidden=name == "token")


def _asked(question: str, kept: str, right: Callable[[str], str], *, hidden: bool = False) -> str:
    shown = "" if hidden else kept
    note = " [Enter keeps the present one]" if hidden and kept else ""
    answer = typer.prompt(question + note, default=shown, value_proc=right, show_default=bool(shown))
    return str(answer) or kept


def _country(given: str | None, present: Settings, *, ask: bool) -> str:
    def right(typed: str) -> str:
        code = country_code(typed)
        if typed.strip() and (not code or refusal("country", code)):
            raise typer.BadParameter("No country has that name; its two letters will do too, such as GB.")
        return code

    if given is not None or not ask:
        try:
            return right((present.country or "") if given is None else given)
        except typer.BadParameter as error:
            raise OperatorError(str(error)) from None
    return _asked("Which country do you run it for? (name or code)", present.country or "", right)


def _present(name: str, present: Settings) -> str:
    if name == "token":
        return present.token.get_secret_value() if present.token else ""
    return str(getattr(present, name) or "")


def _names(card: FeedCard, area: str) -> bool:
    return bool(area) and any(area in folded(one) for one in (*card.areas, card.publisher))


def _chosen(cards: Sequence[FeedCard], on: set[str], given: str | None, *, ask: bool) -> list[str]:
    """The lists to turn on, beside those that are on. Raises OperatorError for a name that none has."""
    free = [card for card in cards if card.id not in on]
    if given is None and ask and free:
        print("\nThese lists are known for the country. Ask a publisher first where the terms say so.")
        for number, card in enumerate(free, start=1):
            print(f"{number:3}. {card.id}: {card.publisher}{_where(card)}\n     {card.terms}")

        def right(typed: str) -> list[str]:
            try:
                return picked(free, typed)
            except OperatorError as error:
                raise typer.BadParameter(str(error)) from None

        found: list[str] = typer.prompt(
            "Which ones? Numbers or names, commas between; or all, or none", default=NONE, value_proc=right
        )
        return found
    return picked(free, given or NONE)


def picked(cards: Sequence[FeedCard], text: str) -> list[str]:
    """The lists that a text names: by number from 1, by name, "all" or "none". Raises OperatorError."""
    words = [word for word in re.split(r"[,\s]+", text.strip().lower()) if word]
    if words in ([], [NONE]):
        return []
    if words == [ALL]:
        return [card.id for card in cards]
    known = {str(number): card.id for number, card in enumerate(cards, start=1)} | {
        card.id: card.id for card in cards
    }
    if unknown := [word for word in words if word not in known]:
        raise OperatorError(f"{unknown[0]} is none of the lists for this country.")
    return list(dict.fromkeys(known[word] for word in words))


def _where(card: FeedCard) -> str:
    return f" (only {', '.join(card.areas)})" if card.areas else ""


async def _turned_on(work: Work, feed: str) -> None:
    try:
        await work.sync.enable(feed)
    except FeedError as error:
        raise OperatorError(str(error)) from None


async def _code(work: Work) -> str:
    """A code for the first owner; "" where there is an owner."""
    try:
        return await work.desk.admins.first_code()
    except OperatorError:
        return ""


def _told(offer: Offer, on: set[str], code: str, values: Mapping[str, str], work: Work) -> None:
    """What is there now, what is not, and what to do next."""
    settings = load_settings()
    print(f"\n{ENV_FILE} is written.")
    if values["country"] and values["country"] not in work.urgent:
        print(f"There are no urgent numbers for {values['country']} yet: urgent help shows 112 and a directory.")
    missing = [kind for kind in work.fellowships.values() if kind.live and kind.id not in _covered(work, on)]
    if missing:
        print("\nNo list is on for these kinds. People are shown each one's own finder:")
        print("  " + ", ".join(sorted(kind.short for kind in missing)))
        print("To enter their meetings: /admin in the chat, then Add a meeting. Many at once, from a sheet:")
        print("  openchair meetings import FILE")
    print("\nNext:")
    print("  openchair doctor     looks whether all is well")
    print("  openchair run        starts the bot" + ("" if settings.token else " (the preview, in your browser)"))
    if code:
        print(f"\nThen send this to your bot. Whoever sends it first is its owner:\n  /admin {code}")


def _covered(work: Work, on: set[str]) -> set[str]:
    return {work.sync.cards[feed].fellowship for feed in on if feed in work.sync.cards}
