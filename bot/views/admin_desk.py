"""The way from the chat to the desk in a browser, and out of it everywhere."""

from bot.domain.admin import Admin
from bot.domain.buttons import Action
from bot.views.admin import called, home_row, role_name
from bot.views.frame import Frame
from bot.views.screen import Button, Screen

EVERYWHERE = 1  # of the action's number: sign out


def link(frame: Frame, who: Admin, address: str) -> Screen:
    """A link that lets somebody in. Telegram puts an address of this machine on no button: it is a text then."""
    by_button = bool(frame.public_url)
    text = frame.texts.render(
        "admin/desk",
        name=called(frame, who.name, who.id),
        role=role_name(frame, who.role),
        address="" if by_button else address,
    )
    opens = (Button(frame.texts.label("desk.open_now"), url=address),) if by_button else ()
    out = frame.button("desk.sign_out_everywhere", Action.ADMIN_DESK, frame.blank(), number=EVERYWHERE)
    return Screen(text, (*((opens,) if opens else ()), (out,), home_row(frame)))


def closed(frame: Frame) -> Screen:
    """Signed out everywhere."""
    return Screen(frame.texts.render("admin/desk_closed"), (home_row(frame),))
