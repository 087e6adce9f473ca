"""What the test run itself is taught."""
