"""What a table is made of, for people: printed as text, shown in a notebook as HTML."""

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import polars as pl

from shuttle_diplomacy.package import Field, Schema

if TYPE_CHECKING:
    import pandera.polars as pa

_SHOWN_VALUES = 8


@dataclass(frozen=True)
class Description:
    """The description of one table.

    Attributes:
        name: the table.
        descriptor: its title and description.
        schema: its Table Schema.
    """

    name: str
    descriptor: dict[str, Any]
    schema: Schema

    @property
    def title(self) -> str:
        """Return the table's title."""
        return str(self.descriptor.get("title", self.name))

    @property
    def fields(self) -> pl.DataFrame:
        """Return one row a field: field, type, required, values (List of String), description."""
        return pl.DataFrame(
            {
                "field": self.schema.names,
                "type": [f.type for f in self.schema.fields],
                "required": [f.required or f.name in self.schema.primary_key for f in self.schema.fields],
                "values": [[str(v) for v in f.values] for f in self.schema.fields],
                "description": [f.description for f in self.schema.fields],
            },
            schema={
                "field": pl.String,
                "type": pl.String,
                "required": pl.Boolean,
                "values": pl.List(pl.String),
                "description": pl.String,
            },
        )

    def pandera(self) -> "pa.DataFrameSchema":
        """Return a pandera schema with every value constraint, for frames as ``load`` returns them.

        Raises:
            ModuleNotFoundError: pandera is not installed; the ``tools`` extra brings it.
        """
        from shuttle_diplomacy.tabular.columns import compile_schema

        return compile_schema(self.schema, enums=True)

    def __str__(self) -> str:
        width = max((len(name) for name in self.schema.names), default=0)
        lines = [f"{self.name}: {self.title}", str(self.descriptor.get("description", "")), ""]
        lines += [f"  {f.name:<{width}}  {_kind(f):<9} {_meaning(f)}".rstrip() for f in self.schema.fields]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>{escape(f.name)}</code></td><td>{escape(_kind(f))}</td>"
            f"<td style='text-align:left'>{escape(_meaning(f))}</td></tr>"
            for f in self.schema.fields
        )
        about = escape(str(self.descriptor.get("description", "")))
        head = f"<h4>{escape(self.name)}: {escape(self.title)}</h4><p>{about}</p>"
        return f"{head}<table><thead><tr><th>field</th><th>type</th><th>meaning</th></tr></thead>{rows}</table>"


def _kind(field: Field) -> str:
    return "enum" if field.values and field.type == "string" else field.type


def _meaning(field: Field) -> str:
    """Return the description, followed by the first values of an enumeration."""
    values = [str(v) for v in field.values]
    if not values:
        return field.description
    more = f", ... ({len(values)})" if len(values) > _SHOWN_VALUES else ""
    return f"{field.description} [{', '.join(values[:_SHOWN_VALUES])}{more}]".strip()
