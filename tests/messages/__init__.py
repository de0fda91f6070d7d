"""The project's own set of test messages and what a careful colleague reads out of each. Nothing here imports digest."""
