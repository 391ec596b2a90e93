"""Bytes to meetings and complaints."""
