"""The demo: its company, larger data, and the server that shows them."""
