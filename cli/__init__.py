"""The coach's program: words, questions, screens and exit codes around the core in vault/."""

__version__ = "0.1.0"
