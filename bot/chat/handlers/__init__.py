"""One file for each thing a person can do. A handler makes three moves and no fourth: parse, ask, show."""
