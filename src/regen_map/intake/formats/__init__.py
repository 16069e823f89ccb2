"""The formats of files: from bytes to headings and rows of text."""
