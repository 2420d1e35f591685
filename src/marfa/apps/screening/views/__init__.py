"""The pages of the screening desk."""
