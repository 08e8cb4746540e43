"""The server: keeps equal boxes of random-looking bytes, and nothing that could open one (property P15)."""
