"""Benchmarks: the figures that giftcast promises, each measured beside its yardstick."""
