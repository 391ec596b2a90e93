"""What may be said without a source, and what stands beside a number."""

import re
from collections.abc import Iterable

from bot.texts.lint import Finding
from bot.texts.rules import PlainFile
from bot.texts.sources import LLM


def unsourced(rules: PlainFile, text: str, marks: Iterable[str], language: str) -> list[Finding]:
    """Numbers, effects and words about health in a sentence that has no source."""
    rule = next((one for one in rules.unsourced if one.language == language), None)
    if rule is None or set(marks) != {LLM}:
        return []
    read = text
    for name in rule.numbers_of_names:
        read = re.sub(name, " ", read, flags=re.IGNORECASE)
    found = []
    for kind, patterns in (("unsourced_number", rule.numbers), ("unsourced_effect", rule.effects)):
        match = next((match for one in patterns if (match := re.search(f"(?i){one}", read))), None)
        if match:
            advice = f"“{match.group().strip()}” has no source: name one, or leave it out"
            found.append(Finding(kind, "error", text, advice))
    return found


def share_in(rules: PlainFile, text: str, language: str) -> str:
    """The first share of people in a text ("24 in 100"), or nothing."""
    rule = next((one for one in rules.shares if one.language == language), None)
    match = rule and next((match for one in rule.shares if (match := re.search(f"(?i){one}", text))), None)
    return match.group() if match else ""


def cautious(rules: PlainFile, text: str, language: str) -> bool:
    """Whether a text says how sure it is."""
    rule = next((one for one in rules.shares if one.language == language), None)
    return rule is None or any(re.search(f"(?i){one}", text) for one in rule.cautions)
