"""Sharing results: what joins the room ``sharing`` with the enrolled people and the results of runs."""
