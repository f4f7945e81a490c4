"""What a figure would be if something that drives it were otherwise: learnt from what it did when that varied."""
