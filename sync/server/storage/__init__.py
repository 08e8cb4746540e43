"""Where the server keeps what it keeps: one backend a file, all after the contract in contract.py."""
