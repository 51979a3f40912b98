"""The physics: one file per concept, its equations pure functions of the model and an index."""
