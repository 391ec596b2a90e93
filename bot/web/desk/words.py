"""What an editor should look at, on the web: what the checks find, what no clinician has read, what is old.

It looks and changes nothing: every text stands in a file, and the page says which.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from starlette.responses import Response
from starlette.routing import Route

from bot.domain.admin import Deed, does
from bot.domain.errors import NotPermitted
from bot.texts.check import SEVERITIES
from bot.texts.parity import ALL, Row
from bot.texts.present import urgent_path
from bot.texts.proofs import Proof, Proofs
from bot.views.admin import moment
from bot.web.desk.said import on
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated

CONTENT = "content"
SHARED = "shared"  # files that no language has for itself
STALE = "stale_date"  # told apart: nothing is wrong with the words
MOST_FILES = 200  # of one severity
LOOK_AGAIN_S = "4"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def words_routes(room: WebDesk) -> list[Route]:
    """/admin/words."""
    return [Route(f"/{ROOT}/words", seated(room, _words), methods=["GET"])]


async def _words(at: Sitting) -> Response:
    if not does(at.who, Deed.ANSWER_SUGGESTIONS):
        raise NotPermitted
    proofs = await at.room.proofs.read()
    if proofs is None:
        response = at.show("words_soon")
        response.headers["Refresh"] = LOOK_AGAIN_S
        return response
    only = at.asked("for") if at.asked("for") in (*_languages(at), SHARED) else ""
    found = [one for one in proofs.found if one.problem.rule != STALE and only in ("", _part(at, one))]
    return at.show(
        "words",
        day=on(at, proofs.day),
        only=only,
        parts=[(part, _part_name(at, part)) for part in ("", *_languages(at), SHARED)],
        counts=[(name, sum(one.problem.severity == name for one in found)) for name in SEVERITIES],
        sections=_sections(at, found),
        parity=[_measured(at, row) for row in sorted(proofs.parity, key=lambda row: row.verdict != "fail")],
        drifted=sum(row.verdict == "fail" for row in proofs.parity),
        unread=_unread(at),
        dates=_dates(at, proofs),
        numbers=_numbers_in_doubt(at),
        cards=await _cards(at),
    )


def _languages(at: Sitting) -> Sequence[str]:
    return tuple(at.room.frames.library.languages)


def _part(at: Sitting, proof: Proof) -> str:
    first = proof.problem.file.partition("/")[0]
    return first if first in at.room.frames.library.languages else SHARED


def _part_name(at: Sitting, part: str) -> str:
    if part in at.room.frames.library.languages:
        return at.room.frames.library.languages[part].name
    return at.label(f"desk.words.part.{part or 'all'}")


def _sections(at: Sitting, found: Iterable[Proof]) -> list[dict[str, object]]:
    """By severity, the errors first; in each by language and file."""
    sections = []
    for severity in SEVERITIES:
        some = sorted(
            (one for one in found if one.problem.severity == severity),
            key=lambda one: (_part(at, one), one.problem.file, one.problem.line),
        )
        files = [_file(at, file, list(rows)) for file, rows in groupby(some, key=lambda one: one.problem.file)]
        shown = {"files": files[:MOST_FILES], "more": max(0, len(files) - MOST_FILES)}
        sections += [{"name": severity, "count": len(some), **shown}] if files else []
    return sections


def _file(at: Sitting, file: str, rows: list[Proof]) -> dict[str, object]:
    part = _part_name(at, _part(at, rows[0]))
    return {"file": f"{CONTENT}/{file}", "part": part, "rows": [_told(at, one) for one in rows]}


def _told(at: Sitting, proof: Proof) -> dict[str, object]:
    problem = proof.problem
    return {
        "title": _said(at, problem.rule, "means") or problem.rule,
        "better": _said(at, problem.rule, "better"),
        "line": problem.line,
        "quote": _marked(proof),
        "detail": problem.suggestion,
    }


def _marked(proof: Proof) -> tuple[str, str, str]:
    """A quote in three: before what was found, that, and after it; all of it first where nothing stands out."""
    found = " ".join(proof.problem.found.split())
    if not found or found == proof.quote or found not in proof.quote:
        return proof.quote, "", ""
    return proof.quote.partition(found)


def _said(at: Sitting, rule: str, what: str) -> str:
    """What is meant by a rule, or what would be better; "" for one that nobody wrote words for."""
    key = f"desk.words.rule.{rule}.{what}"
    return at.label(key) if key in at.frame.texts.labels else ""


def _measured(at: Sitting, row: Row) -> dict[str, object]:
    return {
        "metric": row.metric,
        "title": at.label(f"desk.words.parity.{row.metric}"),
        "part": at.label("desk.words.part.all") if row.language == ALL else _part_name(at, row.language),
        "rule": row.rule,
        "measured": row.measured,
        "verdict": at.label(f"desk.words.verdict.{row.verdict.replace(' ', '_')}"),
        "drifts": row.verdict == "fail",
    }


def _unread(at: Sitting) -> list[dict[str, object]]:
    """By language: articles and cards that no clinician has signed."""
    found: list[dict[str, object]] = []
    for code in _languages(at):
        pages = at.room.site.articles[code].values()
        shelf = [one for one in pages if one.language == code]
        articles = [(one.title, f"{CONTENT}/{code}/pages/{one.slug}.md") for one in shelf if not one.reviewed_by]
        facts = at.room.frames.facts[code]
        cards = [
            (at.frame.kind(name).name, f"{CONTENT}/{code}/fellowships/{name}.md")
            for name, one in sorted(facts.items())
            if not one.reviewed_by_clinician
        ]
        every = (("articles", articles, len(shelf)), ("cards", cards, len(facts)))
        found += [
            {
                "part": _part_name(at, code),
                "code": code,
                "what": at.label(f"desk.words.unread.{what}"),
                "files": files,
            }
            | {"count": len(files), "of": of}
            for what, files, of in every
        ]
    return found


def _dates(at: Sitting, proofs: Proofs) -> list[dict[str, str]]:
    """What nobody looked at for long: what was never checked first, then the oldest."""
    old = sorted((_day(one), one.problem.file) for one in proofs.found if one.problem.rule == STALE)
    return [
        {
            "file": f"{CONTENT}/{file}",
            "checked": on(at, date.fromisoformat(day)) if day else at.label("desk.words.never_checked"),
        }
        for day, file in old
    ]


def _day(proof: Proof) -> str:
    """The day that a check of dates names; "" where none was noted."""
    found = _DAY.search(proof.problem.suggestion)
    return found[0] if found else ""


def _numbers_in_doubt(at: Sitting) -> list[str]:
    """Files of urgent numbers of which one source, or none, is sure."""
    return [urgent_path(one.country) for one in at.room.urgent.values() if one.confidence == "?"]


async def _cards(at: Sitting) -> list[dict[str, object]]:
    """Cards of lists, which carry no day: when their address last answered, and what they do not say."""
    found: list[dict[str, object]] = []
    for state in await at.desk.feeds.listing(at.who):
        card = at.desk.feeds.card(state.id)
        if card is None or (state.last_success and card.feedback and card.terms):
            continue
        missing = [name for name, value in (("feedback", card.feedback), ("terms", card.terms)) if not value]
        found.append(
            {
                "publisher": card.publisher,
                "id": state.id,
                "file": f"{CONTENT}/feeds/{state.id}.yml",
                "read": moment(at.frame, state.last_success) if state.last_success else "",
                "missing": [at.label(f"desk.words.card.{name}") for name in missing],
            }
        )
    return found
