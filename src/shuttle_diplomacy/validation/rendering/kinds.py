"""What each type of error means, in a title and a sentence of help."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A type of error for people.

    Attributes:
        title: its name.
        help: what it says about the package, and what to do.
    """

    title: str
    help: str


KINDS = {
    "package-error": Kind("Package Error", "The descriptor of the package does not follow the standard."),
    "resource-error": Kind("Resource Error", "A resource of the descriptor does not follow the standard."),
    "schema-error": Kind("Schema Error", "A Table Schema does not follow the standard, or contradicts itself."),
    "field-error": Kind("Field Error", "A field of a Table Schema does not follow the standard."),
    "dialect-error": Kind("Dialect Error", "The Table Dialect does not follow the standard or cannot be read so."),
    "source-error": Kind("Source Error", "The file cannot be read; nothing in it was judged."),
    "format-error": Kind("Format Error", "The file is in a format that is not read, or not in the declared one."),
    "encoding-error": Kind("Encoding Error", "Bytes of the file do not decode in its encoding."),
    "compression-error": Kind("Compression Error", "The compressed file is damaged, or not of the declared kind."),
    "byte-count": Kind("Byte Count", "The size of the file is not the declared one."),
    "hash-count": Kind("Hash", "The checksum of the file is not the declared one: its content changed."),
    "blank-header": Kind("Blank Header", "The table has no header, although its dialect declares one."),
    "blank-label": Kind("Blank Label", "A cell of the header is empty."),
    "duplicate-label": Kind("Duplicate Label", "A label stands in the header twice."),
    "incorrect-label": Kind("Incorrect Label", "A label of the header is not the name of the field at its place."),
    "extra-label": Kind("Extra Label", "The header has a label for which the schema has no field."),
    "missing-label": Kind("Missing Label", "The schema has a field for which the header has no label."),
    "unmatched-header": Kind("Unmatched Header", "No label of the header is the name of a field."),
    "blank-row": Kind("Blank Row", "A row has no content at all; delete the line."),
    "extra-cell": Kind("Extra Cell", "A row has more cells than the header; often an unquoted delimiter."),
    "missing-cell": Kind("Missing Cell", "A row has fewer cells than the header; often a lost delimiter."),
    "structure-error": Kind("Structure Error", "Quotes or bytes break the structure of the file at this place."),
    "type-error": Kind("Type Error", "A cell is not written as the type and format of its field demand."),
    "constraint-error": Kind("Constraint Error", "A value breaks a constraint of its field."),
    "unique-error": Kind("Unique Error", "A value occurs twice in a field whose values have to be unique."),
    "primary-key": Kind("Primary Key", "The primary key of a row is empty, or another row has the same."),
    "unique-key": Kind("Unique Key", "Two rows have the same values in fields that together have to be unique."),
    "foreign-key": Kind("Foreign Key", "A value refers to a row that is not there."),
    "rule-error": Kind("Rule", "A row breaks a rule of this repository."),
    "unknown-property": Kind("Unknown Property", "The standard has no such property; often a typing error."),
    "version-mismatch": Kind("Version Mismatch", "A property belongs to another version of the standard."),
    "unknown-profile": Kind("Unknown Profile", "The descriptor declares a profile that is not read."),
    "recommendation": Kind("Recommendation", "The standard advises to write it in another way."),
    "undeclared-encoding": Kind("Undeclared Encoding", "The encoding was taken from the file; declare it."),
    "undeclared-dialect": Kind("Undeclared Dialect", "The dialect was taken from the file's ending; declare it."),
    "undeclared-compression": Kind("Undeclared Compression", "The compression was taken from the file; declare it."),
    "undeclared-format": Kind("Undeclared Format", "The format was taken from the file's ending; declare it."),
    "repeated-header": Kind("Repeated Header", "A later part of the table repeats the header; it was skipped."),
}
# What keeps a table from being read, so that nothing else can be said of it.
UNREADABLE = ("source-error", "format-error", "encoding-error", "compression-error", "dialect-error")
# What is said and makes nothing invalid, unless it is asked for.
WARNINGS = (
    *("unknown-property", "version-mismatch", "unknown-profile", "recommendation", "repeated-header"),
    *("undeclared-encoding", "undeclared-dialect", "undeclared-compression", "undeclared-format"),
)
CHECKS = {
    "descriptor": (
        *("package-error", "resource-error", "schema-error", "field-error"),
        *("unknown-property", "version-mismatch", "unknown-profile", "recommendation"),
    ),
    "file": (
        *UNREADABLE,
        *("byte-count", "hash-count"),
        *("undeclared-encoding", "undeclared-dialect", "undeclared-compression", "undeclared-format"),
    ),
    "header": (
        *("blank-header", "blank-label", "duplicate-label", "incorrect-label", "extra-label", "missing-label"),
        *("unmatched-header", "repeated-header"),
    ),
    "structure": ("blank-row", "extra-cell", "missing-cell", "structure-error"),
    "types": ("type-error",),
    "constraints": ("constraint-error", "unique-error"),
    "primary-key": ("primary-key",),
    "unique-keys": ("unique-key",),
    "foreign-keys": ("foreign-key",),
}


def kind_of(name: str) -> Kind:
    """Return title and help of a type of error, also of one that is not in the list.

    Examples:
        >>> kind_of("type-error").title, kind_of("odd-thing").title
        ('Type Error', 'Odd Thing')
    """
    return KINDS.get(name) or Kind(name.replace("-", " ").title(), "")


def check_of(name: str) -> str:
    """Return the check that finds errors of a type.

    Examples:
        >>> check_of("extra-label"), check_of("odd-thing")
        ('header', 'other')
    """
    return next((check for check, types in CHECKS.items() if name in types), "other")
