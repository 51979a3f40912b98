"""Many sites in one run: read, solved side by side, resumed, and sharing scarce equipment."""
