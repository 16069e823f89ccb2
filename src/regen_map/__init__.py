"""A town's regeneration on one map, kept by its own staff in plain files."""
