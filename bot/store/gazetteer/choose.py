"""Which of the places of one name is meant: one is sure, several are asked about, never a silent guess."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from bot.domain.place import Place, distance_km
from bot.store.gazetteer.atlas import Guess
from bot.store.gazetteer.keys import key

OFFERED = 6  # choices that one question holds
SAME_KM = 10.0  # places of one name so close together are one town
CITY = 100_000  # people
FAR_LARGER = 10  # times
ALIKE = 70  # per cent of the letters
HOME_TOWN = 20_000  # people a town in the person's country has that is meant before a larger one abroad …
HOME_SHARE = 50  # … which is not larger than so many times


def choose(guesses: Iterable[Guess], near: str = "") -> list[Place]:
    """The one that is meant, or the ones to ask about, the likeliest first. `near`: ISO country of the person."""
    candidates = merged(guesses)
    home = [one for one in candidates if one.place.country == near]
    if home and len(home) < len(candidates):
        if _meant_at_home(home[0].place, candidates[0].place):
            candidates = home
        else:  # it exists at home, but small: not for us to say
            return _places([*home[:2], *(one for one in candidates if one not in home)])
    return _places(candidates[:1] if is_sure(candidates) else candidates)


def _meant_at_home(home: Place, largest: Place) -> bool:
    return home == largest or (home.population >= HOME_TOWN and home.population * HOME_SHARE >= largest.population)


def is_sure(candidates: Sequence[Guess]) -> bool:
    """Whether the first is the only one, or a city far larger than any other."""
    if len(candidates) < 2:
        return bool(candidates)
    first = candidates[0].place.population
    return first >= CITY and first >= FAR_LARGER * max(_weights(candidates)[1:])


def merged(guesses: Iterable[Guess]) -> list[Guess]:
    """The guesses in the order of likelihood; of several for one town the one that carries the name itself."""
    listed = _without_old_names(list(guesses))
    weighed = sorted(zip(_weights(listed), listed, strict=True), key=lambda one: -one[0])
    kept: list[Guess] = []
    for _, guess in weighed:
        at = next((at for at, other in enumerate(kept) if _close(guess.place, other.place)), None)
        if at is None:
            kept.append(guess)
        elif own(guess) and not own(kept[at]):
            kept[at] = guess
    return kept


def _without_old_names(guesses: list[Guess]) -> list[Guess]:
    """GeoNames lists what towns were ever called: that counts only where no town of note is called so."""
    largest = max((guess.place.population for guess in guesses if own(guess)), default=0)
    return [guess for guess in guesses if own(guess) or guess.place.population > _least(guess, largest)]


def _least(alias: Guess, largest: int) -> int:
    alike = fuzz.ratio(key(alias.place.name), alias.name) >= ALIKE
    return largest // FAR_LARGER if alike else largest * FAR_LARGER


def _weights(guesses: Sequence[Guess]) -> list[int]:
    """People, where a city that is called so counts before places that only were called so once or elsewhere."""
    known_city = any(own(guess) and guess.place.population >= CITY for guess in guesses)
    return [guess.place.population // (FAR_LARGER if known_city and not own(guess) else 1) for guess in guesses]


def own(guess: Guess) -> bool:
    """Whether the place is called so, at least in part: "Hull" is Kingston upon Hull, not Derby."""
    return f" {guess.name} " in f" {key(guess.place.name)} "


def _close(one: Place, other: Place) -> bool:
    return distance_km((one.latitude, one.longitude), (other.latitude, other.longitude)) < SAME_KM


def _places(candidates: Iterable[Guess]) -> list[Place]:
    return [guess.place for guess in candidates][:OFFERED]
