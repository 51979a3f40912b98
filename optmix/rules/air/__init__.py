"""Air permits."""
