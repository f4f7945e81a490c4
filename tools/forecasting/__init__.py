"""Forecasting a series of figures: models, their test on the past, their combination, and how far they may be off."""
