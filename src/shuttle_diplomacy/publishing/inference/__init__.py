"""From a folder of CSV files to a Data Package: what frictionless infers of a sample, confirmed on every row."""
