"""Attackers and peers: programs that try to undo what Discreet did, or do the same job."""
