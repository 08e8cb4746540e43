"""Benchmarks: each compares the product with a bare baseline in one run (CONTRIBUTING.md, `make bench`)."""
