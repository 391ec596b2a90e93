"""Everything that can go wrong and that somebody can do something about.

OpenChairError
├── OperatorError        the operator reads `str(error)`: one plain sentence
│   ├── SettingsError    a setting is missing or wrong
│   ├── ContentError     a file under content/ is missing or wrong
│   ├── FeedError        a feed file or answer that cannot be read at all
│   │   └── HeldChanged  something else waits than what was looked at
│   ├── BackupError      a backup that cannot be made, read or put back
│   └── StoreError       the database cannot be reached or is not ours
├── UnreadableSheet      a file of many meetings that is none at all; `reason` names its words
└── PersonError          a person reads the message named by `screen`
    ├── OutdatedButton   a button from long ago, cut or forged
    ├── BrokenHandoff    a hand-off link that was cut, altered, or made elsewhere
    ├── PlaceUnknown     no place of that name is known
    ├── MeetingGone      the meeting is no longer listed
    ├── MeetingChanged   somebody or its list changed the meeting since it was looked at
    ├── NeedsTwo         one person alone may not put this up
    ├── NotPermitted     an admin's role or scope does not reach so far
    ├── CodeRefused      an invitation that was used, ran out, or never was
    ├── LinkRefused      a link to the desk on the web that was used, ran out, or never was
    ├── LastOwner        somebody has to stay who may do everything
    └── OwnerBySettings  an owner whom only the settings can change
"""


class OpenChairError(Exception):
    """The root of every error of this project."""


class OperatorError(OpenChairError):
    """A failure told to the operator in one plain sentence: what is wrong and what to do."""


class SettingsError(OperatorError):
    """A setting is missing or wrong."""


class ContentError(OperatorError):
    """A file under content/ is missing or wrong; the sentence names file and field."""


class FeedError(OperatorError):
    """A feed that cannot be read at all; what was there before stays."""


class HeldChanged(FeedError):
    """Something else waits for a decision than what was looked at."""


class BackupError(OperatorError):
    """A backup that cannot be made, read or put back; nothing was changed."""


class StoreError(OperatorError):
    """The database cannot be reached, or holds something that is not ours."""


class UnreadableSheet(OpenChairError):
    """A file that is no sheet of meetings at all; the words stand under the label admin.bulk.bad.<reason>."""

    def __init__(self, reason: str, about: str = "") -> None:
        super().__init__(reason)
        self.reason, self.about = reason, about


class PersonError(OpenChairError):
    """A failure answered with a written screen; `screen` names its message under messages/errors/."""

    screen = "sorry"


class OutdatedButton(PersonError):
    """Button data from long ago, cut or forged."""

    screen = "outdated"


class BrokenHandoff(PersonError):
    """A hand-off link that was cut, altered, or signed by another bot."""

    screen = "broken_handoff"


class PlaceUnknown(PersonError):
    """No place of that name is known."""

    screen = "place_unknown"


class MeetingGone(PersonError):
    """The meeting is no longer listed."""

    screen = "meeting_gone"


class MeetingChanged(PersonError):
    """Somebody, or its list, changed the meeting since it was looked at."""

    screen = "meeting_changed"


class NeedsTwo(PersonError):
    """One person alone may not put this up: a second one has to agree."""

    screen = "needs_two"


class NotPermitted(PersonError):
    """Somebody who helps does not look after this, or no longer helps."""

    screen = "not_permitted"


class CodeRefused(PersonError):
    """An invitation that was used or withdrawn, ran out, or never was."""

    screen = "code_refused"


class LinkRefused(PersonError):
    """A link to the desk on the web that was used, ran out, or never was."""

    screen = "outdated"


class LastOwner(PersonError):
    """Nobody would be left who may do everything."""

    screen = "last_owner"


class OwnerBySettings(PersonError):
    """An owner named in the settings: only the operator can change that."""

    screen = "owner_by_settings"
