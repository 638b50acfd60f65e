"""Active speaker."""
