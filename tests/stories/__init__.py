"""A person's whole visit, through the real app, over real HTTP."""
