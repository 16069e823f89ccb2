"""Broken files made from real ones, and what reading any of them must keep."""
