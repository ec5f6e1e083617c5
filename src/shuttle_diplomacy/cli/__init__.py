"""The command ``shuttle``: one module a verb. Each parses arguments, calls one function and renders."""
