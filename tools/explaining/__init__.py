"""Why a figure changed: which segments, which mix, and which of its factors."""
