"""What the desk looks for a meeting by: one folded text that begins with its name."""

from bot.domain.words import fold

_PART = 120  # characters of one text that count
LONGEST = 1_200  # bytes: an entry of an index on PostgreSQL has room for 2,704, and other columns stand beside it


def words_of(name: str, city: str, region: str, venue: str, address: str, postal_code: str) -> str:
    """All that somebody may type of it, the name first: in the order of these texts is in the order of names.

    A postcode is in it with its blank and without.
    """
    parts = (name, city, region, venue, address, postal_code, postal_code.replace(" ", ""))
    text = fold(" ".join(part[:_PART] for part in parts))
    if len(text) * 4 <= LONGEST:
        return text
    return text.encode()[:LONGEST].decode(errors="ignore")
