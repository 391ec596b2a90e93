"""The second front door: health, metrics and the webhook."""
