"""The sample meetings of the sandbox: invented groups, in the shape in which real lists come (Meeting Guide JSON).

Seven cities and online rooms round the clock, in English and Spanish, so that a newcomer sees something at any hour.
"""

from importlib.resources import files

_FOLDER = "samples"


def sample_parts() -> dict[str, bytes]:
    """Fellowship id -> Meeting Guide JSON (an array of rows), in the order of the ids."""
    folder = files(__package__) / _FOLDER
    parts = sorted((part for part in folder.iterdir() if part.name.endswith(".json")), key=lambda part: part.name)
    return {part.name.removesuffix(".json"): part.read_bytes() for part in parts}
