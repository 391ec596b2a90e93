"""`admins`: people who help, and what they may do."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, TypeVar

import typer

from bot.cli.shared import as_json, complete, opened, ready
from bot.cli.suggestions import printable
from bot.domain.admin import EVERYTHING, Admin, Role, Scope, is_area
from bot.domain.errors import LastOwner, OperatorError, OutdatedButton, OwnerBySettings
from bot.services.admins import Admins
from bot.services.keys import KeyRing
from bot.settings import MOST_ID, Settings
from bot.texts.feeds import load_feeds
from bot.texts.fellowships import load_fellowships

app = typer.Typer(no_args_is_help=True)
T = TypeVar("T")
TelegramId = Annotated[int, typer.Argument(metavar="ID", min=1, max=MOST_ID - 1, help="The Telegram id, a number.")]
SCOPE_HELP = (
    "What to look after, commas between: fellowship:aa, area:GB, area:US/Oregon, feed:na-spain (or the plain names); "
    "default: everything."
)


@app.command()
def grant(
    person: TelegramId,
    role: Annotated[Role, typer.Option(help="What the person may do.")],
    scope: Annotated[str, typer.Option(help=SCOPE_HELP)] = "",
    name: Annotated[str, typer.Option(help="What others call the person in /admin; the person can change it.")] = "",
) -> None:
    """Make somebody an owner, admin, editor or reviewer, whatever they were before. /admin opens for them at once."""
    settings = ready()
    fellowships = {kind.id: kind for kind in load_fellowships(settings.content_dir)}
    wanted = read_scope(scope, fellowships, load_feeds(settings.content_dir, fellowships))
    admin = complete(_work(settings, lambda admins: admins.grant(person, role, wanted, name)))
    print(f"{_called(admin)} is {admin.role.value} for {_scope(admin.scope)}.")


@app.command()
def revoke(person: TelegramId) -> None:
    """Take somebody's role: /admin is closed to them with the next press."""

    async def taken(admins: Admins) -> None:
        await admins.revoke(None, await admins.number_of(person))

    complete(_work(ready(), taken))
    print("The role is taken.")


@app.command("list")
def list_admins(json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False) -> None:
    """Everybody who helps: role, what they look after, name, since when, and the end of the Telegram id."""
    found = complete(_work(ready(), lambda admins: admins.with_chats()))
    if json:
        print(as_json([report(admin, chat) for admin, chat in found]))
        return
    for admin, chat in found:
        since = admin.since.strftime("%Y-%m-%d") if admin.since else ""
        settings = ", by OPENCHAIR_ADMINS" if admin.by_settings else ""
        told = f"{admin.role.value}, {_scope(admin.scope)}, since {since}, id …{ending(chat)}{settings}"
        print(f"{_called(admin)}: {told}")
    if not found:
        print("Nobody yet. `openchair admins code` prints a code for the first owner.")


@app.command()
def code() -> None:
    """Print a code for the first owner: whoever sends `/admin CODE` to the bot first becomes owner.

    It is good once, for seven days, and only as long as there is no owner; a new one takes the place of the old.
    """
    print(complete(_work(ready(), lambda admins: admins.first_code())))


def report(admin: Admin, chat: int) -> dict[str, object]:
    """One person as `--json` prints them."""
    return {
        "role": admin.role.value,
        "scope": sorted(_names(admin.scope)),
        "name": printable(admin.name),
        "since": admin.since.isoformat(timespec="seconds") if admin.since else None,
        "id_ends_with": ending(chat),
        "by_settings": admin.by_settings,
    }


def ending(chat: int) -> str:
    """The last three digits of an id."""
    return str(chat)[-3:]


def read_scope(text: str, fellowships: Iterable[str], feeds: Iterable[str]) -> Scope:
    """What the option says; wrong usage for a name that nothing has."""
    known = {"fellowship": set(fellowships), "feed": set(feeds)}
    found: dict[str, set[str]] = {"fellowship": set(), "area": set(), "feed": set()}
    for word in filter(None, (part.strip() for part in text.split(","))):
        kind, _, name = word.rpartition(":")
        kind = kind.strip().lower() or next((one for one, names in known.items() if name in names), "area")
        name = _area(name) if kind == "area" else name.strip()
        if kind not in found or not (is_area(name) if kind == "area" else name in known[kind]):
            raise typer.BadParameter(f"{word} is no fellowship, area or feed known here.", param_hint="--scope")
        found[kind].add(name)
    if not any(found.values()):
        return EVERYTHING
    return Scope(*(frozenset(found[kind]) for kind in ("fellowship", "area", "feed")))


def _area(text: str) -> str:
    country, stroke, region = text.strip().partition("/")
    return country.strip().upper() + stroke + re.sub(r"\s+", " ", region.strip())


def _called(admin: Admin) -> str:
    return printable(admin.name) or f"No. {admin.id}"


def _names(scope: Scope) -> list[str]:
    kinds = (("fellowship", scope.fellowships), ("area", scope.areas), ("feed", scope.feeds))
    return [f"{kind}:{name}" for kind, names in kinds for name in names]


def _scope(scope: Scope) -> str:
    return ", ".join(sorted(_names(scope))) or "everything"


async def _work(settings: Settings, do: Callable[[Admins], Awaitable[T]]) -> T:
    async with opened(settings) as database:
        keys = KeyRing(database, setting=settings.key_text, file=settings.key_file)
        try:
            return await do(Admins(database, keys, settings.admins))
        except LastOwner:
            raise OperatorError("Nobody else is owner: make another one first.") from None
        except OwnerBySettings:
            raise OperatorError("This owner stands in OPENCHAIR_ADMINS: take the id out there.") from None
        except OutdatedButton:
            raise OperatorError("Nobody with that id helps here; `openchair admins list` tells who does.") from None
