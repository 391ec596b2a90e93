"""Whatever is written to people, on whichever way, shows no preview of a link."""

import ast
from pathlib import Path

CHAT = Path(__file__).parents[2] / "bot" / "chat"
LIBRARY = {"send_message", "edit_message_text", "send_media_group", "copy_message", "forward_message"}


def test_every_text_that_can_be_sent_or_changed_has_previews_off() -> None:
    """A dict that holds a text and how it is to be parsed is a message on its way to the Bot API."""
    messages = 0
    for path in CHAT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Dict):
                continue
            parts = {
                key.value: ast.unparse(value)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            if {"text", "parse_mode"} <= set(parts):
                assert parts.get("link_preview_options") == "NO_PREVIEW", f"{path.name}:{node.lineno}"
                messages += 1
    assert messages >= 3, "an answer, an edit, a reminder"


def test_no_other_way_of_the_library_is_used_to_write_texts() -> None:
    for path in CHAT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                assert node.attr not in LIBRARY, f"{path.name}:{node.lineno}"


def test_only_the_chat_writes_to_people() -> None:
    rooms = (path for path in CHAT.parent.rglob("*.py") if "sandbox" not in path.parts and CHAT not in path.parents)
    assert [path.name for path in rooms if "sendMessage" in path.read_text(encoding="utf-8")] == []
