"""The names of the files in a vault's folder that a store and its lock work with."""

DATABASE = "vault.db"
NEW_DATABASE = "vault.db.new"
LOCK = "lock"
