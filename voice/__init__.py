"""Another voice for each speaker."""
