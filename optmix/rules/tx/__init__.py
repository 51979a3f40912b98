"""Rules of Texas on when and how far a load is connected."""
