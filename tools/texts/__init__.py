"""What `tools.text` is made of."""
