"""Measures, and benchmarks against peers."""
