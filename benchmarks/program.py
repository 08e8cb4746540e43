"""`python program.py args…`: the console script, with a key derivation that costs nothing."""

from tests.support import cheap_kdf

cheap_kdf.install()

from cli.main import entry  # noqa: E402 (the switch first, as a product process never has it)

if __name__ == "__main__":
    entry()
