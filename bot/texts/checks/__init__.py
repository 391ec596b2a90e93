"""One file for each sort of thing that an editor is told about; bot/texts/check.py runs them all."""
