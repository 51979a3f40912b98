"""The law and other targets: one file per rule, and dated packs that say which are in force."""
