"""QR pictures of a link, large and quiet enough to be read from a screen, from paper and by an old phone."""

import io

import segno

QUIET = 4  # modules of white around, as the QR standard asks for
ERROR_LEVEL = "m"  # a fold or a coffee stain of 15 in 100 does no harm


def qr_png(link: str, *, scale: int = 12) -> bytes:
    """A PNG, black on white; `scale` is the width of one module in pixels."""
    out = io.BytesIO()
    segno.make_qr(link, error=ERROR_LEVEL).save(out, kind="png", scale=scale, border=QUIET)
    return out.getvalue()


def qr_svg(link: str) -> str:
    """An SVG element for a web page, without an XML head; its size comes from the page's style."""
    out = io.BytesIO()
    segno.make_qr(link, error=ERROR_LEVEL).save(
        out, kind="svg", border=QUIET, xmldecl=False, svgns=True, omitsize=True, light="#ffffff"
    )
    return out.getvalue().decode()


def qr_squares(link: str) -> tuple[tuple[bool, ...], ...]:
    """The modules row by row without the quiet border; True is black."""
    return tuple(tuple(bool(module) for module in row) for row in segno.make_qr(link, error=ERROR_LEVEL).matrix)
