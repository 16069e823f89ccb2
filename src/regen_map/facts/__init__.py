"""What is told of a place and of a project in one language, each fact made once."""

from regen_map.facts.places import PlaceFacts
from regen_map.facts.projects import ProjectFacts
from regen_map.facts.wording import Fact, Said, Wording

__all__ = ["Fact", "PlaceFacts", "ProjectFacts", "Said", "Wording"]
