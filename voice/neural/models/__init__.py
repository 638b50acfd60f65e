"""The architectures, all with one interface; they need torch."""
