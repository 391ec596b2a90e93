"""What a driver says, as one plain sentence with something to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.domain.errors import StoreError
from bot.store.engines import WAIT_S, is_sqlite, where

_SQLITE = (
    ("file is not a database", "{where} is not a database: move it away, or put a backup in its place."),
    ("malformed", "{where} is damaged: restore a backup."),
    ("disk i/o error", "The disk under {where} does not answer: check it, then start again."),
    ("is full", "The disk under {where} is full: make room, then start again."),
    ("readonly", "{where} cannot be written: check who owns the file and its directory."),
    ("read-only", "{where} cannot be written: check who owns the file and its directory."),
    ("unable to open", "{where} cannot be opened: check the path and who may write there."),
    ("locked", "{where} is in use by another program for too long: stop that one first."),
    ("busy", "{where} is in use by another program for too long: stop that one first."),
    ("no such table", "{where} is not set up: run `python -m bot db upgrade` first."),
    ("no such column", "{where} is not up to date: run `python -m bot db upgrade` first."),
)
_POSTGRESQL = {
    "28P01": "The database at {where} refuses this user or password: check OPENCHAIR_DATABASE_URL.",
    "28000": "The database at {where} refuses this user: check OPENCHAIR_DATABASE_URL and pg_hba.conf.",
    "3D000": "There is no database {where}: create it, for example with createdb.",
    "42501": "The user of the database at {where} may not do this: grant it the schema.",
    "42P01": "The database at {where} is not set up: run `python -m bot db upgrade` first.",
    "42703": "The database at {where} is not up to date: run `python -m bot db upgrade` first.",
    "25006": "The database at {where} cannot be written: it is a standby, or set to read only.",
    "53100": "The disk of the database at {where} is full: make room there.",
    "53300": "The database at {where} takes no more connections: raise max_connections or run fewer processes.",
    "55P03": "The tables at {where} are in use for too long: stop what works on them first.",
    "57P03": "The database at {where} is still starting: try again in a moment.",
}
_UNREACHABLE = "The database at {where} does not answer: check that it runs and that the address is right."


@contextmanager
def explained(url: URL, *, connecting: bool = False) -> Iterator[None]:
    """Turn what a driver raises into StoreError; a wrong statement of ours stays what it is.

    `connecting`: errors of the network and of files, too, come from the database and from nothing else.
    """
    try:
        yield
    except PoolTimeout:
        raise StoreError(f"The database at {where(url)} was busy for {WAIT_S} seconds: try again.") from None
    except SQLAlchemyError as error:
        sentence = _sentence(error, url)
        if sentence is None and _quotes_a_row(error):
            raise StoreError(f"{where(url)} refused a row: {_rule(error)}.") from None
        if sentence is None:
            raise
        raise StoreError(sentence.format(where=where(url))) from error
    except (OSError, TimeoutError) as error:
        if not connecting:
            raise
        sentence = "{where} cannot be opened: check the path and who may write there."
        raise StoreError((sentence if is_sqlite(url) else _UNREACHABLE).format(where=where(url))) from error


def _quotes_a_row(error: SQLAlchemyError) -> bool:
    # Nothing of a row belongs into a log. asyncpg's own checks of values come as plain DBAPIError.
    return isinstance(error, (IntegrityError, DataError)) or type(error) is DBAPIError


def _rule(error: SQLAlchemyError) -> str:
    """What was broken, without the values: the first line names the constraint, the others quote the row."""
    if not isinstance(error, IntegrityError):
        return "a value does not fit its column"
    return str(error.orig).splitlines()[0].rpartition(">: ")[2]


def _sentence(error: SQLAlchemyError, url: URL) -> str | None:
    if not isinstance(error, DBAPIError):
        return None
    if is_sqlite(url):
        said = str(error.orig).lower()
        return next((sentence for words, sentence in _SQLITE if words in said), None)
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    if error.connection_invalidated or (state or "").startswith(("08", "57P")):
        return _POSTGRESQL.get(state or "", _UNREACHABLE)
    return _POSTGRESQL.get(state or "")
