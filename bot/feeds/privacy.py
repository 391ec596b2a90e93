"""Free text without the names, numbers and addresses of individuals, and without calls for money."""

import re
from functools import lru_cache
from typing import NamedTuple

from bot.feeds.text import mentions

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = r"\+?\(?\d{1,4}\)?(?:[ .\-]?\(?\d{2,4}\)?){1,3}[ .\-]?\d{3,4}"
_REACHED = re.compile(rf"(?<![\w#/=:,]){_PHONE}(?![\w#])|{_EMAIL.pattern}")
_LABEL = re.compile(r"^\W*(?:contact|questions|for (?:more )?info\w*|para m[áa]s info\w*|contacto)\b", re.IGNORECASE)
_NUMBER_ONLY = re.compile(rf"\W*(?:text|cell|mobile)\b\W*{_PHONE}\W*", re.IGNORECASE)
_TO_CONTACT = re.compile(r"\b(?:e-?mail|contact|write|reach|text|call|correo|escrib[ae])\b", re.IGNORECASE)
_NAME_BESIDE = re.compile(
    rf"\b[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+(?: [A-Z][a-záéíóúñ]*\.?)?[\s:,@(–-]{{1,4}}(?:at |on |al? )?"
    rf"(?:{_PHONE}(?![\w#])|{_EMAIL.pattern})"
)
_NO_NAME = re.compile(
    r"\b(?:phone|dial|zoom|meeting|conference|call|number|id|pmi|text|tel|fax|office|central|intergroup|helpline|hotline"
    r"|church|club|group|passcode|password|email|e-mail|info\w*|room|suite|step|rd|st|ave|street|in)\b"
    r"[\s:,@(–.-]*(?:no\.?|number|us|at)?[\s:,@(–.-]*$",
    re.IGNORECASE,
)
_JOIN_WORDS = re.compile(
    r"\b(?:pass\w*|link|zoom|join\w*|invit\w*|access|log\s?in|meeting id|register|id|pw|contraseña|enlace|unirse)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:info|office|helpline|contact|support|admin|webmaster|hello|meetings?|groups?|intergroup|centraloffice|secretary"
    r"|chairperson|alanon|service|registro|oficina)[\w.+-]*@|(?:aa|na|web|help|hola|list)(?:[\d._+-][\w.+-]*)?@",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\b(?:venmo|paypal|cash\s?app|zelle|gofundme|square\.link)\b|\$[a-z][\w-]{3,}\b", re.IGNORECASE)
_MONEY_WORDS = ("venmo", "paypal", "cash", "zelle", "gofundme", "square.link", "$")
_THREE_DIGITS = re.compile(r"\d{3}")
_SENTENCES = re.compile(r"(?<=[.!])\s+(?=[A-ZÁÉÍÓÚÑ*¡¿])")


class Cleared(NamedTuple):
    """A text that may be shown, and the notes of what was taken out."""

    text: str = ""
    notes: tuple[str, ...] = ()


def tells_how_to_join(text: str) -> bool:
    """Whether a text speaks of a link, a passcode or of registering."""
    return bool(text) and _JOIN_WORDS.search(text) is not None


@lru_cache(maxsize=8192)
def cleared(text: str, needed_to_join: bool) -> Cleared:
    """The text without sentences that hold an individual's name with a number or address, and without money.

    With `needed_to_join`, a sentence that tells how to get the link or the passcode stays as it is.
    """
    if not text:
        return Cleared()
    reached = "@" in text or _THREE_DIGITS.search(text) is not None
    if not (reached or mentions(text, _MONEY_WORDS)):
        return Cleared(text)
    if _REACHED.search(text) is None and _MONEY.search(text) is None:
        return Cleared(text)
    notes: set[str] = set()
    lines = []
    for line in text.splitlines():
        kept = (_kept(sentence, needed_to_join, notes) for sentence in _SENTENCES.split(line))
        lines.append(" ".join(sentence for sentence in kept if sentence))
    left = "\n".join(line for line in lines if any(map(str.isalnum, line)))
    return Cleared(left, tuple(sorted(notes)))


def _kept(sentence: str, needed_to_join: bool, notes: set[str]) -> str:
    if _MONEY.search(sentence):
        notes.add("money_removed")
        return ""
    if _REACHED.search(sentence) is None or (needed_to_join and _JOIN_WORDS.search(sentence)):
        return sentence
    if _LABEL.match(sentence) or _NUMBER_ONLY.fullmatch(sentence) or _named(sentence):
        notes.add("contact_removed")
        return ""
    without = _EMAIL.sub(lambda match: match[0] if _ROLE.match(match[0]) else "", sentence)
    if without == sentence:
        return sentence
    notes.add("contact_removed")
    rest = " ".join(without.split()).strip(" ,;:-–")
    return "" if _TO_CONTACT.search(rest) or len(re.findall(r"\w+", rest)) < 2 else rest


def _named(sentence: str) -> bool:
    """Whether a personal name stands right before a number or an address."""
    for match in _NAME_BESIDE.finditer(sentence):
        reached = _REACHED.search(match[0])
        if reached and not _NO_NAME.search(match[0][: reached.start()]):
            return True
    return False
