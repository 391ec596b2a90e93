"""A sentence of a file that somebody wants to change: found, replaced, and told as a change to commit."""

import subprocess
from datetime import date
from pathlib import Path

from bot.texts.revising import closest, passages, patch, revised

ARTICLE = """---
title: Tea and meetings
main_message: Tea is fine.
version: "1.9"
date: 2026-11-21
drafted_by: machine
reviewed_by: "Robin Roe, nurse, 2026-11-22"
---
Some rooms have tea. [llm] Others have coffee, see [[rooms]]. [tea_2024]

{{E26}}

## What to bring

* A cup helps. [llm]
"""
CARD = """---
what: Peer groups with tea.
marks:
  what: [tea_2024]
reviewed_by_clinician: true
---
"""
TODAY = date(2026, 11, 24)


def texts(file: str) -> list[str]:
    return [one.text for one in passages(file)]


def test_every_sentence_of_an_article_can_be_chosen_and_claims_and_dates_cannot() -> None:
    found = passages(ARTICLE)
    assert [one.text for one in found] == [
        "title: Tea and meetings",
        "main_message: Tea is fine.",
        "Some rooms have tea. [llm]",
        "Others have coffee, see [[rooms]]. [tea_2024]",
        "What to bring",
        "A cup helps. [llm]",
    ]
    lines = ARTICLE.splitlines()
    assert all(one.text in lines[one.line - 1] for one in found)


def test_of_a_card_its_texts_can_be_chosen() -> None:
    assert texts(CARD) == ["what: Peer groups with tea."]


def test_the_sentence_that_shares_the_rarest_words_stands_first() -> None:
    found = passages(ARTICLE)
    assert [found[at].line for at in closest(found, "The coffee is gone, says Bulletin 29", 2)] == [9]
    assert closest(found, "xyz", 3) == []
    assert closest([], "coffee", 3) == []


def test_a_changed_article_rises_in_version_and_loses_its_signature() -> None:
    other = passages(ARTICLE)[3]
    after = revised(ARTICLE, other, "Others have\nwater. [tea_2024]", TODAY)
    assert "Some rooms have tea. [llm] Others have water. [tea_2024]\n" in after
    assert 'version: "1.10"\n' in after
    assert "date: 2026-11-24\n" in after
    assert 'reviewed_by: ""\n' in after
    assert after.count("\n") == ARTICLE.count("\n")
    card = revised(CARD, passages(CARD)[0], "what: Peer groups.", TODAY)
    assert "reviewed_by_clinician: false" in card
    assert "what: Peer groups.\n" in card


def test_git_takes_the_change_as_it_is_shown(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    file = tmp_path / "content" / "tea.md"
    file.write_text(ARTICLE, encoding="utf-8")
    after = revised(ARTICLE, passages(ARTICLE)[5], "A cup is there. [llm]", TODAY)
    told = patch("content/tea.md", ARTICLE, after)
    subprocess.run(["git", "apply", "-"], input=told.encode(), cwd=tmp_path, check=True)
    assert file.read_text(encoding="utf-8") == after
