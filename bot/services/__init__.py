"""The work: with no words and no chat."""
