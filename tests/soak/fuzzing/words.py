"""Texts that people, programs and enemies send: of every plane, right to left, unseen, cut in half, far too long."""

from random import Random

LONGEST = 4096  # characters of a message
CANARY = "Quillfeather"  # the name of whoever writes; it may stand nowhere

_WORDS = (
    "aa na smart lifering dharma leeds london springfield online tonight now tomorrow 7pm mañana en línea mi hijo "
    "heroína women near LS6 28001 90210 SW1A1AA /find /start /urgent /admin /plan kill 'DROP TABLE people;-- <b> "
    "</b> "
    "&amp; {{7*7}} {%for%} ${x} %s %n \\0 sos for el la ../../etc/passwd 25:61 31/02/2027 24:00 -1 0 1e309 NaN null "
    "true [] {} =1+1 @x tg://user?id=1 https://zoom.us/j/5550100 https://evil.example.org javascript:alert(1) "
    "sam@example.org +1 555 0100 every other Monday third Thursday noon midnight until 9999-12-31 Alcoholics "
    "Anonymous I took too much suicide overdose wheelchair Spanish español lgbtq+ under 18 stop yes no"
).split(" ")
_UNSEEN = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c\u180e\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_ODD = "\x00\x01\x07\x08\t\n\r\x0b\x0c\x1b\x1f\x7f\x85\u2028\u2029\ufffe\uffff\ufffd\U0010ffff\U000e0041\ufe0f"
_PIECES = (
    "ที่", "مرحبا", "שלום", "こんにちは", "नमस्ते", "Ω≈ç√", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇬🇧", "Z̸̢̛͖̩͎͝a̷̡͔͊l̶̰͐g̵̻̈o̸͎̿", "ﷺ", "𝖋𝖗𝖆𝖐𝖙", "ＦＵＬＬ",
    "１９：００", "٧", "Ⅷ", "½", "²", "İ", "ß", "ǅ", "ﬃ", "e\u0301", "\ud800", "\udfff", "\udc41\ud83d",
)  # fmt: skip
_PLANES = ((0x20, 0x7E), (0xA0, 0x2FF), (0x300, 0x36F), (0x590, 0x6FF), (0x900, 0xDFF), (0x2000, 0x2BFF),
           (0x3040, 0x9FFF), (0xAC00, 0xD7A3), (0xD800, 0xDFFF), (0xE000, 0xF8FF), (0xFE00, 0xFFFF),
           (0x10000, 0x1FFFF), (0x20000, 0x2FFFF), (0xE0000, 0xE0FFF), (0xF0000, 0x10FFFF))  # fmt: skip


def text(chance: Random, longest: int = LONGEST) -> str:
    """Any text of at most so many characters."""
    return chance.choice(_WAYS)(chance)[:longest]


def word(chance: Random) -> str:
    """One word or sign."""
    return chance.choice(_WORDS)


def _sentence(chance: Random) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(chance.randint(1, 12)))


def _mixed(chance: Random) -> str:
    parts = (*_WORDS, *_PIECES, *_UNSEEN, *_ODD)
    return chance.choice(("", " ")).join(chance.choice(parts) for _ in range(chance.randint(1, 30)))


def _of_a_plane(chance: Random) -> str:
    first, last = chance.choice(_PLANES)
    return "".join(chr(chance.randint(first, last)) for _ in range(chance.randint(1, 60)))


def _of_all_planes(chance: Random) -> str:
    return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randint(1, 40)))


def _over_and_over(chance: Random) -> str:
    part = chance.choice((*_WORDS, *_PIECES, *_UNSEEN, *_ODD)) + chance.choice(("", " ", "\n"))
    return part * chance.choice((2, 50, 500, LONGEST))


def _sewn(chance: Random) -> str:
    """A sentence with unseen signs between its letters."""
    return "".join(letter + (chance.choice(_UNSEEN) if chance.random() < 0.3 else "") for letter in _sentence(chance))


def _marked(chance: Random) -> str:
    name = chance.choice(("b", "a", "pre", "tg-spoiler", "script", "blockquote", "x" * 99))
    return f"<{name} href='{_sentence(chance)}'>" * chance.randint(1, 40) + _sentence(chance)


def _number(chance: Random) -> str:
    return str(chance.choice((-1, 1)) * chance.getrandbits(chance.choice((3, 8, 31, 64, 400))))


_WAYS = (
    _sentence, _sentence, _sentence, _mixed, _of_a_plane, _of_all_planes, _over_and_over, _sewn, _marked, _number,
    lambda chance: "", lambda chance: chance.choice(_PIECES),
)  # fmt: skip
