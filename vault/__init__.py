"""The core of ongemerkt: no terminal, no network. cli/ comes in through vault.service."""
