"""The chores behind the workflows."""
