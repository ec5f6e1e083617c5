"""JSON Schemas in ``jsonSchema`` constraints: judged by the ``jsonschema`` library, within bounds.

Nothing is fetched, patterns run in polars' linear engine, and what cannot be followed is said before any cell is read.
"""

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.patterns import reason
from shuttle_diplomacy.tabular.types.reading import FieldError
from shuttle_diplomacy.tabular.types.structured import MOST_LEVELS

_PLACE = "constraints/jsonSchema"
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_NAMED = {"properties", "patternProperties", "definitions", "$defs", "dependencies", "dependentSchemas"}
_PLAIN_VALUES = {"enum", "const", "default", "examples"}
_MOST_FOLLOWED = 100_000  # references followed for one value
Keyword = Callable[[Any, Any, Any, Any], Any]


class JsonSchema:
    """A JSON Schema that is sound, draft 7 where it does not say which.

    Raises:
        FieldError: it is broken, refers to other documents, or has a pattern that cannot be run.

    Examples:
        >>> schema = {"type": "object", "required": ["value"]}
        >>> found = JsonSchema(Field({"name": "x", "type": "object", "constraints": {"jsonSchema": schema}}))
        >>> found.holds({"value": 1}), found.message({})
        (True, "'value' is a required property")
    """

    def __init__(self, field: Field) -> None:
        self._field = field
        schema = field.constraints["jsonSchema"]
        if not isinstance(schema, dict):
            raise self._error(f"jsonSchema {schema!r} is not an object")
        self._followed = 0
        self._references: list[str] = []
        try:
            self._check(schema)
            self._validator = self._build(schema)
        except RecursionError:
            raise self._error(f"the JSON schema is nested in more than {MOST_LEVELS} levels") from None
        self._try()

    def holds(self, value: Any) -> bool:
        """Return whether a JSON value follows the schema; one that takes too long to judge does not."""
        self._followed = 0
        try:
            return bool(self._validator.is_valid(value))
        except RecursionError:
            return False
        except _lost():
            return False

    def message(self, value: Any) -> str:
        """Return where a value breaks the schema, and how; empty where it does not."""
        from jsonschema.exceptions import best_match

        self._followed = 0
        try:
            error = best_match(self._validator.iter_errors(value))
        except RecursionError:
            return "it cannot be followed to its end"
        except _lost() as lost:
            return _where(lost)
        if error is None:
            return ""
        where = "".join(f"/{part}" for part in error.absolute_path)
        return f"at {where}: {error.message}" if where else str(error.message)

    def _error(self, reason: str) -> FieldError:
        return FieldError(self._field, reason, _PLACE)

    def _check(self, schema: dict[str, Any]) -> None:
        nested = 0
        for name, value in _keywords(schema):
            nested += name in {"$id", "id"} and isinstance(value, str)
            if name in _REFERENCES and isinstance(value, str):
                if not value.startswith("#"):
                    raise self._error(f"the JSON schema refers to {value!r}; only parts of itself (#/...) are read")
                self._references.append(value)
            if name == "pattern" and isinstance(value, str):
                self._compiled(value)
            elif name == "patternProperties" and isinstance(value, dict):
                for pattern in value:
                    self._compiled(pattern)
            elif name == "unevaluatedProperties":
                raise self._error("the JSON schema has 'unevaluatedProperties', which is not read")
        if nested > 1:
            self._references = []  # each is relative to the part that it stands in: found wanting when it is followed

    def _compiled(self, pattern: str) -> None:
        try:
            pl.Series([""]).str.contains(pattern)
        except pl.exceptions.PolarsError as error:
            raise self._error(f"the JSON schema's pattern {pattern!r} cannot be used: {reason(error)}") from error

    def _build(self, schema: dict[str, Any]) -> Any:
        import jsonschema
        import referencing
        from jsonschema import validators

        kind = jsonschema.Draft7Validator
        if (version := schema.get("$schema")) is not None:
            kind = validators.validator_for(schema, default=None) if isinstance(version, str) else None
            if kind is None:
                raise self._error(f"the JSON schema's version {version!r} is not known")
        try:
            kind.check_schema(schema)
        except _lost() as lost:
            raise self._error(_where(lost)) from None
        except jsonschema.SchemaError as error:
            where = "".join(f"/{part}" for part in error.absolute_path)
            raise self._error(f"the JSON schema is broken at {where or 'its root'}: {error.message}") from error
        own = {"pattern": _pattern, "patternProperties": _by_pattern, "additionalProperties": _additional}
        counted = {name: self._counted(kind.VALIDATORS[name]) for name in _REFERENCES if name in kind.VALIDATORS}
        return validators.extend(kind, {**own, **counted})(schema, registry=referencing.Registry())

    def _counted(self, keyword: Keyword) -> Keyword:
        """Return a keyword that gives up: references to references can multiply without end."""

        def follow(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
            self._followed += 1
            if self._followed > _MOST_FOLLOWED:
                raise RecursionError
            yield from keyword(validator, value, instance, schema) or ()

        return follow

    def _try(self) -> None:
        """Judge one value of each kind, so that references that lead nowhere or round and round are found."""
        for reference in self._references:
            try:
                self._followed = 0
                self._validator.evolve(schema={**self._validator.schema, "$ref": reference}).is_valid(None)
            except _lost():
                raise self._error(f"the JSON schema refers to {reference!r}, which it has not") from None
            except RecursionError:
                raise self._error("the JSON schema's references have no end") from None
        samples: tuple[Any, ...] = ({}, [])
        for value in samples:
            self._followed = 0
            try:
                self._validator.is_valid(value)
            except _lost() as lost:
                raise self._error(_where(lost)) from None
            except RecursionError:
                raise self._error("the JSON schema's references have no end") from None


def _lost() -> tuple[type[Exception], ...]:
    """Return what is raised where a reference is followed that leads nowhere, or through what is no schema."""
    from referencing.exceptions import Unresolvable

    return Unresolvable, ValueError, TypeError, LookupError


def _where(lost: Exception) -> str:
    reference = getattr(lost, "ref", None)
    return "the JSON schema refers to " + (
        "what it has not" if reference is None else f"{reference!r}, which it has not"
    )


def _keywords(schema: Any) -> Iterator[tuple[str, Any]]:
    """Yield each keyword of a schema and of those within it.

    Raises:
        RecursionError: it is nested too deeply.
    """
    level = [schema]
    for _ in range(MOST_LEVELS):
        inner: list[Any] = []
        for value in level:
            if isinstance(value, list):
                inner += value
            elif isinstance(value, dict):
                yield from value.items()
                for name, item in value.items():
                    if name in _NAMED and isinstance(item, dict):
                        inner += item.values()
                    elif name not in _PLAIN_VALUES:
                        inner.append(item)
        level = [value for value in inner if isinstance(value, dict | list)]
        if not level:
            return
    raise RecursionError


def _found(pattern: str, text: str) -> bool:
    return bool(pl.Series([text]).str.contains(pattern).item())


def _pattern(validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if validator.is_type(instance, "string") and not _found(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _by_pattern(validator: Any, patterns: dict[str, Any], instance: Any, _schema: Any) -> Iterator[Any]:
    if validator.is_type(instance, "object"):
        for pattern, schema in patterns.items():
            for key, value in instance.items():
                if _found(pattern, key):
                    yield from validator.descend(value, schema, path=key, schema_path=pattern)


def _additional(validator: Any, allowed: Any, instance: Any, schema: dict[str, Any]) -> Iterator[Any]:
    from jsonschema import ValidationError

    if not validator.is_type(instance, "object"):
        return
    declared, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    extras = [key for key in instance if key not in declared and not any(_found(p, key) for p in patterns)]
    if isinstance(allowed, dict):
        for key in extras:
            yield from validator.descend(instance[key], allowed, path=key)
    elif not allowed and extras:
        yield ValidationError(f"the properties {', '.join(repr(key) for key in sorted(extras))} are not allowed")
