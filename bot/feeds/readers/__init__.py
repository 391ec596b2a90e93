"""One module per feed format; none imports another."""
