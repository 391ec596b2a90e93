"""The bare echo bot beside which ours is measured: python-telegram-bot's defaults, concurrent updates on."""

import sys

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say it back."""
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


async def pressed(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer the press and edit the message, as ours does."""
    if update.callback_query:
        await update.callback_query.answer()
        await update.callback_query.edit_message_text("x")


def main() -> None:
    """Poll the stand-in at the given address."""
    address = sys.argv[1]
    builder = Application.builder().token("1:bench").base_url(f"{address}/bot").concurrent_updates(True)
    app = builder.build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    app.add_handler(CallbackQueryHandler(pressed))
    app.run_polling(stop_signals=None)


if __name__ == "__main__":
    main()
