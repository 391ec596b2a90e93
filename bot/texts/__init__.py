"""The library: the only reader of content/, and what an editor runs to check it."""
