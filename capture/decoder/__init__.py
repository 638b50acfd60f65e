"""The decoding child process: the only place where untrusted files are decoded."""
