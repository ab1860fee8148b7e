"""What scripts/check-images is made of."""
