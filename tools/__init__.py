"""Development tools: set-up, tests, demo. Entered through ./loyalty only."""
