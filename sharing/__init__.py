"""Sharing: who may get what, checked before it leaves and traceable afterwards."""
