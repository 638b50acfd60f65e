"""Who speaks when, and whose voice it is."""
