"""Whom one can call or write to before going, and a few words to say; the same for every kind."""

from dataclasses import dataclass

from bot.domain.buttons import Action
from bot.domain.fellowship import Fellowship
from bot.views.frame import Frame
from bot.views.screen import Button, Screen, pairs

COPIES = 2
LINKS = 2
TEENS = "teens"


@dataclass(frozen=True, slots=True)
class Contact:
    """A public way to reach the group, or the body that serves its area; `value`: a number, an address, a page."""

    name: str
    value: str
    of_area: bool = False

    @property
    def is_page(self) -> bool:
        """Whether it is opened, not called or written to."""
        return self.value.startswith(("https://", "http://"))


def talk_first(frame: Frame, fellowship: Fellowship, contacts: list[Contact], meeting: int | None) -> Screen:
    """The contacts, else the official one of the kind and its pages; words for a call and for a message.

    Nobody is asked to meet a teenager: their words ask only what happens.
    """
    if not contacts and fellowship.facts.contact:
        contacts = [Contact(fellowship.name, fellowship.facts.contact)]
    teens = fellowship.for_people == TEENS
    message = frame.texts.label("words_to_write.teens" if teens else "words_to_write.first_visit")
    text = frame.texts.render(
        "fellowship/talk_first",
        name=fellowship.name,
        contacts=contacts,
        pages=bool(fellowship.site or fellowship.finder),
        teens=teens,
        message=message,
    )
    copies = [
        Button(frame.texts.label("copy_contact", number=one.value), copy=one.value)
        for one in contacts
        if not one.is_page
    ]
    words = Button(frame.texts.label("copy_words"), copy=message)
    return Screen(
        text,
        (*pairs(copies[:COPIES]), (words,), *_links(frame, fellowship, contacts), _on(frame, fellowship, meeting)),
    )


def _links(frame: Frame, fellowship: Fellowship, contacts: list[Contact]) -> tuple[tuple[Button, ...], ...]:
    """Pages to open: the group's own first, then the official ones, each address once."""
    links = {
        one.value: frame.texts.label("open_page", name=one.name) for one in contacts if one.value[:8] == "https://"
    }
    official = ((fellowship.site, "official_site"), (fellowship.finder, "finder"))
    for url, label in official:
        if url:
            links.setdefault(url, frame.texts.label(label, kind=fellowship.short))
    return tuple((Button(label, url=url),) for url, label in list(links.items())[: LINKS + 1])


def _on(frame: Frame, fellowship: Fellowship, meeting: int | None) -> tuple[Button, ...]:
    expect = frame.button("expect", Action.EXPECT, meeting=meeting, number=fellowship.number)
    if meeting is None:
        return (frame.button("back", Action.FELLOWSHIP, number=fellowship.number), expect, frame.urgent())
    return (frame.button("back_to_meeting", Action.MEETING, meeting=meeting), expect, frame.urgent())
