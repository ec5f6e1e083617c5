"""Metadata: read, resolve and check descriptors of Data Packages (versions 1 and 2)."""

from shuttle_diplomacy.package.finding import Finding, Findings
from shuttle_diplomacy.package.model import Field, ForeignKey, Package, Resource, Schema
from shuttle_diplomacy.package.reading import open_package

__all__ = ["Field", "Finding", "Findings", "ForeignKey", "Package", "Resource", "Schema", "open_package"]
