"""A small shelf of invented articles, for tests of what reads and shows them."""

from pathlib import Path

from bot.texts.pages import Articles, load_pages
from bot.texts.sources import load_evidence

SHELF = """
pages:
  - {slug: tea, number: 1, needs: [alcohol], aliases: [hot drinks]}
  - {slug: chairs, number: 2, aliases: [seats, sillas]}
  - {slug: hosts, number: 3, audience: counselors}
"""
SOURCES = """
sources:
  - {id: kettle_2020, number: 7, title: The kettle study, by: Urn A, year: 2020, kind: study, url: "https://kettle.example.org/"}
  - {id: room_pages, number: 12, title: The room's own pages, kind: own_pages}
"""
CLAIMS = """
claims:
  - id: E1
    subject: experience
    strength: limited
    population: tea drinkers
    sources: [kettle_2020]
    text: {en: Tea is warm., es: El té está caliente.}
    caveat: {en: Only one kettle was counted., es: Solo se contó una tetera.}
"""
FRONT = """---
title: {title}
button: {button}
main_message: {main}
version: "1.0"
date: 2026-11-21
drafted_by: machine
reviewed_by:{reviewed}
---
"""
TEA = """
You may drink tea. [llm] It comes in cups,
with or without milk. [kettle_2020, room_pages]

{{E1}} Where to sit stands in [[chairs]]. [room_pages]

## What to bring

* A cup. [llm]
* A friend, if you like. [E1]

1. Pour. [llm]
2. Wait. [kettle_2020]

> Sam pours two cups. [llm] Nobody asks why. [llm]
"""


def page(
    body: str, title: str = "Tea", *, button: str = "", main: str = "Tea is for anyone.", reviewed: str = ""
) -> str:
    """The text of an article's file; its body begins on line 11."""
    front = FRONT.format(title=title, button=button or title, main=main, reviewed=f" {reviewed}" if reviewed else "")
    return f"{front}\n{body.strip()}\n"


def write(root: Path, name: str, text: str) -> Path:
    """One file of the folder."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def fill(root: Path) -> Path:
    """Three articles in English, one of them in Spanish too."""
    write(root, "pages.yml", SHELF)
    write(root, "sources.yml", SOURCES)
    write(root, "claims.yml", CLAIMS)
    write(root, "en/pages/tea.md", page(TEA))
    write(root, "en/pages/chairs.md", page("Chairs stand in a ring. [llm]", "Where to sit"))
    write(
        root,
        "en/pages/hosts.md",
        page("Hosts open the door. [room_pages]", "For hosts", reviewed="Ana Ejemplo, nurse, 2026-11-20"),
    )
    spanish = page("El té está ahí. [llm] Las sillas: [[chairs]]. [llm]", "El té", main="El té es para cualquiera.")
    write(root, "es/pages/tea.md", spanish)
    return root


def load(root: Path) -> dict[str, Articles]:
    """The articles of the folder in English and Spanish."""
    return load_pages(root, ("en", "es"), load_evidence(root))
