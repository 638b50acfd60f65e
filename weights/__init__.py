"""Models: manifest, store, fetch and load."""
