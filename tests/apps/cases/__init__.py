"""Cases: the tests."""
