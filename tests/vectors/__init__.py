"""Known answers as files, and the script that makes them."""
