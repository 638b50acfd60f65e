"""Error rates and intervals."""
