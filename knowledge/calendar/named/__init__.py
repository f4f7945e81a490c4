"""Names of times: `point` reads the longest one at a place. Each file here holds the rules of one kind."""

from knowledge.calendar.named import dates, edges, occasions, relative, years
from knowledge.calendar.named.point import Point, point

RULE_FILES = (dates, edges, occasions, relative, years)
"""Imported so that their rules are registered."""

__all__ = ["Point", "point"]
