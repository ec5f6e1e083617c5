"""The notebooks run, and show what a fresh run shows."""

from scripts.notebooks import main


def test_notebooks_show_their_real_outputs():
    assert main([]) == 0
