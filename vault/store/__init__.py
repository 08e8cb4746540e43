"""Stores: one backend a file. contract.py says what each must do."""
