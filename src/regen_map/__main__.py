"""Lets ``python -m regen_map`` be ``regen-map``."""

import sys

from regen_map.cli import main

sys.exit(main())
