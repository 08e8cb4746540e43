"""One module for each kind of thing the guard looks for. Each has `find(sheet)`, and none knows another."""
