"""Free text as a search: "smart leeds tonight", "my son uses heroin", "reuniones en línea ahora"."""

from bot.services.understand.reading import Understand

__all__ = ["Understand"]
