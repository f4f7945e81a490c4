"""Detection of what is unusual in a series of figures: spikes, shifts of level, drifts, and changes of spread."""
