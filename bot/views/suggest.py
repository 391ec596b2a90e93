"""Suggest a revision: the question, what is asked once more, and what becomes of a text that was kept."""

from bot.domain.buttons import Action, Press
from bot.domain.fellowship import Fellowship
from bot.domain.suggestion import Kind, Outcome, Subject, Verdict
from bot.texts.pages import Article
from bot.views.frame import Frame
from bot.views.screen import Ask, Button, Screen

Topic = Article | Fellowship


def button(frame: Frame, topic: Topic) -> Button:
    """Leads to the question."""
    action = _action(topic)
    label = "suggest_fix" if action is Action.SUGGEST_CARD else "suggest_revision"
    return frame.button(label, action, frame.near(), number=topic.number)


def subject(frame: Frame, topic: Topic) -> Subject:
    """What a suggestion would change, in the language in which it was read."""
    if isinstance(topic, Article):
        return Subject(Kind.ARTICLE, topic.slug, topic.language, topic.version)
    checked = frame.facts[topic.id].checked_on
    return Subject(Kind.FELLOWSHIP, topic.id, frame.texts.language, checked.isoformat() if checked else "")


def question(frame: Frame, topic: Topic) -> Screen:
    """What to change and where that is written; the link of its words carries what it is about."""
    return _asking(frame, topic, "suggest/question", card=isinstance(topic, Fellowship))


def again(frame: Frame, topic: Topic, outcome: Outcome, length: int, most: int) -> Screen:
    """Nothing was kept: says why and asks once more. `length` of the text, and `most` that can be taken."""
    if outcome.verdict is Verdict.PERSONAL:
        found = [(frame.texts.label(f"personal.{one.kind}"), one.snippet) for one in outcome.found]
        return _asking(frame, topic, "suggest/personal", found=found)
    return _asking(frame, topic, "suggest/again", verdict=outcome.verdict.value, length=length, most=most)


def kept(frame: Frame, topic: Topic) -> Screen:
    """Thanks, and what happens now."""
    text = frame.texts.render("suggest/kept", title=_title(topic), card=isinstance(topic, Fellowship))
    return Screen(text, _onward(frame, topic))


def later(frame: Frame, topic: Topic, minutes: int = 0) -> Screen:
    """Enough for this hour (`minutes` until the next), or enough that wait about this already (0)."""
    return Screen(frame.texts.render("suggest/later", title=_title(topic), minutes=minutes), _onward(frame, topic))


def _asking(frame: Frame, topic: Topic, message: str, **values: object) -> Screen:
    link = frame.start_link(Press(_action(topic), frame.blank(), number=topic.number))
    text = frame.texts.render(message, link=link, title=_title(topic), **values)
    return Screen(text, ask=Ask(frame.texts.label("suggest.placeholder")))


def _onward(frame: Frame, topic: Topic) -> tuple[tuple[Button, ...], ...]:
    back = frame.button("all_facts", Action.ALL_FACTS, number=topic.number)
    if isinstance(topic, Article):
        back = frame.article(topic.slug)
    return (back,), (frame.button("find_a_meeting", Action.ASK_PLACE, frame.blank()), frame.urgent())


def _action(topic: Topic) -> Action:
    return Action.SUGGEST if isinstance(topic, Article) else Action.SUGGEST_CARD


def _title(topic: Topic) -> str:
    return topic.title if isinstance(topic, Article) else topic.name
