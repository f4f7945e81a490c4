"""What will be, of each: models trained on the business's own data, registered, asked and watched."""
