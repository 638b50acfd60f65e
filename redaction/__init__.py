"""Words: which of them are private, and making them inaudible and unreadable."""
