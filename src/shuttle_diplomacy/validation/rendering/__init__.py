"""The report in each form: one module a format, one function ``render`` in each."""
