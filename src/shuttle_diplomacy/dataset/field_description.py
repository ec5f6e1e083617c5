"""What one column means, for people."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shuttle_diplomacy.dataset.showing import html_block, html_table, listed, terminal_width, wrapped
from shuttle_diplomacy.package import Field, Schema

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class FieldDescription:
    """The description of one field; prints as text, displays as HTML.

    Attributes:
        table: the table.
        field: the field as its schema declares it.
        schema: the table's schema.

    Examples:
        >>> import shuttle_diplomacy as sd
        >>> sd.describe("summits")["parties"].values
        ['jp-kr', 'jp-kr-us', 'jp-kr-cn']
    """

    table: str
    field: Field
    schema: Schema

    @property
    def name(self) -> str:
        """Return the field's name."""
        return self.field.name

    @property
    def title(self) -> str:
        """Return the title for people."""
        return self.field.title

    @property
    def description(self) -> str:
        """Return what the field means."""
        return self.field.description

    @property
    def type(self) -> str:
        """Return the type in the schema's words, ``enum`` for an enumerated text."""
        return "enum" if self.field.values and self.field.type == "string" else self.field.type

    @property
    def dtype(self) -> "pl.DataType":
        """Return the type of the loaded column.

        Raises:
            ConfigurationError: the schema's type cannot be followed.
        """
        from shuttle_diplomacy.tabular.reader import dtype_of

        return dtype_of(self.field)

    @property
    def required(self) -> bool:
        """Return whether the field has a value in every row."""
        return self.field.required or self.name in self.schema.primary_key

    @property
    def values(self) -> list[Any]:
        """Return the allowed values in their declared order, empty where the field is not enumerated."""
        return self.field.values

    @property
    def labels(self) -> dict[str, str]:
        """Return the labels of those values that have one."""
        listed: list[Any] = self.field.descriptor.get("categories", [])
        return {str(c["value"]): str(c["label"]) for c in listed if isinstance(c, dict) and "label" in c}

    @property
    def refers_to(self) -> str:
        """Return the table that the field's foreign key leads to, or an empty text."""
        tables = [key.resource or self.table for key in self.schema.foreign_keys if self.name in key.fields]
        return ", ".join(tables)

    @property
    def facts(self) -> str:
        """Return in one line: type, whether it is required, key, reference, constraints."""
        facts = [self.type, "required" if self.required else "may be null"]
        facts += ["primary key"] if self.name in self.schema.primary_key else []
        facts += [f"refers to {self.refers_to}"] if self.refers_to else []
        known = {"required", "enum"}
        facts += [f"{name} {value}" for name, value in self.field.constraints.items() if name not in known]
        return "; ".join(facts)

    def text(self, width: int | None = None) -> str:
        """Return the description as text.

        Args:
            width: columns of a line; those of the terminal where it is left out.
        """
        width = width or terminal_width()
        lines = wrapped(f"{self.table}.{self.name}: {self.title}", width)
        lines += wrapped(self.facts, width)
        lines += wrapped(self.description, width) if self.description else []
        lines += listed(self._labelled(), width) if self.values else []
        return "\n".join(lines)

    __str__ = text

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        table = html_table(["value", "meaning"], self._labelled()) if self.values else ""
        return html_block(f"{self.table}.{self.name}: {self.title}", [self.facts, self.description], table)

    def _labelled(self) -> list[tuple[str, str]]:
        labels = self.labels
        return [(str(value), labels.get(str(value), "")) for value in self.values]
