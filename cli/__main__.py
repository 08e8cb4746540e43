"""`python -m cli` is `ongemerkt`."""

from cli.main import entry

if __name__ == "__main__":
    entry()
