"""Whether a difference between groups, or a relation between two figures, is more than chance."""
