"""The data in forms that other programs and people read."""
