"""Side-by-side measurements of map pages in a real browser.

Run with ``python -m benchmarks``; ``benchmarks/README.md`` says what is measured and how.
"""
