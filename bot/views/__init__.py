"""The face: a result in, a Screen out. Pure; file names are those of the handlers."""
