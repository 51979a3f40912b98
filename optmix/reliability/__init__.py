"""How often a fleet fails to meet demand: exact, or certified, never by a reserve margin."""
