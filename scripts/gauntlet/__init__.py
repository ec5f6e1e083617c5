"""The gauntlet: a built release before outside judges: ``python -m scripts.gauntlet``.

A judge is a module in ``judges`` that runs in an environment of its own, not in this project's, and imports nothing of
it. The lock file beside this one that has its name says what is installed there. Renew one with
``uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -o NAME.txt -``.
"""
