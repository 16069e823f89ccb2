"""The other ways to check the files of an office, each set up as somebody who knows it would."""
