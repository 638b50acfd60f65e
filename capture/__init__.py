"""Devices and files in, MP4 out."""
