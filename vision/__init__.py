"""Faces: detect, track, recognise, mask, and score who speaks."""
