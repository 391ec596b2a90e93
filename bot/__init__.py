"""Open Chair: a Telegram bot that helps people find mutual-help meetings."""
