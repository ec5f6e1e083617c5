"""The names of the tables as a type, so that editors complete them and type checkers see typing errors.

Written into src/shuttle_diplomacy/dataset/names.py by ``make docs``.
"""

from shuttle_diplomacy.dataset.bundled import bundled


def module() -> str:
    """Return the module that holds the names of all tables and views."""
    names = "".join(f'    "{name}",\n' for name in bundled().tables())
    head = '"""The names of the tables and views, for type checkers and editors; written by `make docs`."""'
    return f"{head}\n\nfrom typing import Literal\n\nTableName = Literal[\n{names}]\n"
