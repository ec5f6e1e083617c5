"""What a table is made of, for people: printed as text, shown in a notebook as HTML."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from shuttle_diplomacy.dataset.field_description import FieldDescription
from shuttle_diplomacy.dataset.showing import html_block, html_table, listed, terminal_width, wrapped
from shuttle_diplomacy.errors import MissingExtraError
from shuttle_diplomacy.package import Schema

if TYPE_CHECKING:
    from shuttle_diplomacy.tabular.frame_schema import FrameSchema

_SHOWN_VALUES = 8


@dataclass(frozen=True)
class Description:
    """The description of one table; its fields by name, as in ``description["start_on"]``.

    Attributes:
        name: the table.
        descriptor: its title and description.
        schema: its Table Schema.

    Examples:
        >>> import shuttle_diplomacy as sd
        >>> sd.describe("summits")["start_on"].title
        'First day'
    """

    name: str
    descriptor: dict[str, Any]
    schema: Schema

    @property
    def title(self) -> str:
        """Return the table's title."""
        return str(self.descriptor.get("title", self.name))

    @property
    def description(self) -> str:
        """Return what one row is, or an empty text."""
        return str(self.descriptor.get("description", ""))

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

    def field(self, name: str) -> FieldDescription:
        """Return the description of one field.

        Raises:
            UnknownNameError: there is no such field.
        """
        return FieldDescription(self.name, self.schema.field(name), self.schema)

    def pandera(self, columns: Collection[str] | None = None, *, strict: bool = True) -> "FrameSchema":
        """Return a pandera schema with every constraint and key, for frames as ``load`` returns them.

        It reads the rows of lazy frames too. References to other tables are not judged: one frame does not show them.

        Args:
            columns: the columns a frame has to have; all where it is left out.
            strict: whether a further column is an error.

        Raises:
            MissingExtraError: pandera, or what translates patterns, is not installed; the ``tools`` extra brings it.
            UnknownNameError: there is no such column.
        """
        try:
            from shuttle_diplomacy.tabular.frame_schema import frame_schema

            return frame_schema(self.schema, columns, strict=strict)
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            raise MissingExtraError(
                f"{missing} is not installed; it comes with: pip install 'shuttle-diplomacy[tools]'"
            ) from error

    def text(self, width: int | None = None) -> str:
        """Return the description as text.

        Args:
            width: columns of a line; those of the terminal where it is left out.
        """
        width = width or terminal_width()
        head = wrapped(f"{self.name}: {self.title}", width)
        head += wrapped(self.description, width) if self.description else []
        return "\n".join([*head, "", *listed(self._rows(), width)])

    __str__ = text

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        table = html_table(["field", "type", "meaning"], self._rows())
        return html_block(f"{self.name}: {self.title}", [self.description], table)

    def __getitem__(self, name: str) -> FieldDescription:
        return self.field(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.schema.names)

    def __len__(self) -> int:
        return len(self.schema.fields)

    def _ipython_key_completions_(self) -> list[str]:
        return self.schema.names

    def _rows(self) -> list[tuple[str, str, str]]:
        fields = [self.field(name) for name in self]
        return [(field.name, field.type, _meaning(field)) for field in fields]


def _meaning(field: FieldDescription) -> str:
    """Return the description, followed by the first values of an enumeration and by the table referred to."""
    values = [str(v) for v in field.values]
    more = f", ... ({len(values)})" if len(values) > _SHOWN_VALUES else ""
    shown = f"[{', '.join(values[:_SHOWN_VALUES])}{more}]" if values else ""
    reference = f"Refers to {field.refers_to}." if field.refers_to else ""
    return " ".join(filter(None, [field.description, shown, reference]))
