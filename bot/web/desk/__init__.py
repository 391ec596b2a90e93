"""The admins' desk at /admin: the same work as behind /admin in the chat, as pages with tables and forms."""
