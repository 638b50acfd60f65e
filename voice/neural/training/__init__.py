"""How the lab trains: batches, the loop, checkpoints, logs; it needs torch."""
