"""The pages of best interests, among those of cases."""
