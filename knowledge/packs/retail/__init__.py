"""Retail: the Complete Journey study, the purchases of 2,469 households over 2017."""
