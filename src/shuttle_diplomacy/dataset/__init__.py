"""The dataset for analysts: the bundled data, its views, sources and citation."""
