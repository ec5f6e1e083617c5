import json

import pytest

from shuttle_diplomacy.package import open_package


@pytest.fixture
def make(tmp_path):
    """Return a function that makes a package: each table from the bytes of its file, fields and key."""

    def package(key=("id",), types=None, dialect=None, extra=None, **tables):
        resources = []
        for name, content in tables.items():
            (tmp_path / f"{name}.csv").write_bytes(content)
            columns = ["id", "note"] if types is None else list(types)
            fields = [{"name": c, "type": (types or {}).get(c, "string")} for c in columns]
            schema = {"fields": fields, "primaryKey": list(key)} if key else {"fields": fields}
            resource = {"name": name, "path": f"{name}.csv", "schema": schema, **(extra or {})}
            resources.append(resource | ({"dialect": dialect} if dialect else {}))
        (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}))
        return open_package(tmp_path)

    return package
