"""`python -m bot` and `openchair`: the command line."""

import gc


def main() -> None:
    """Run one command."""
    gc.disable()  # nothing that is imported is garbage, and looking for some takes a sixth of the time
    from bot.cli import main as command

    command()


if __name__ == "__main__":
    main()
