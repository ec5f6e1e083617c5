"""How to cite the dataset: from the descriptor, never written twice."""

from collections.abc import Callable
from typing import Any

from shuttle_diplomacy.dataset.bundled import bundled
from shuttle_diplomacy.errors import UnknownNameError


def cite(style: str = "text") -> str:
    """Return the citation of the bundled data in its version.

    Args:
        style: ``text`` (one sentence), ``bibtex`` or ``cff``.

    Raises:
        UnknownNameError: there is no such style.

    Examples:
        >>> print(cite("bibtex"))
        @misc{shuttle_diplomacy_0_1_0,
          author = {{The shuttle-diplomacy contributors}},
          ...
    """
    if style not in _STYLES:
        raise UnknownNameError("citation style", style, _STYLES)
    described = bundled().package.descriptor
    return _STYLES[style](
        {
            "name": described["name"],
            "authors": [c["title"] for c in described["contributors"] if "creator" in c.get("roles", [])],
            "title": described["title"],
            "version": described["version"],
            "released": described["created"][:10],
            "home": described["homepage"],
            "licence": described["licenses"][0]["name"],
        }
    )


def _text(about: dict[str, Any]) -> str:
    who = ", ".join(about["authors"])
    return f"{who} ({about['released'][:4]}). {about['title']}. Version {about['version']}. {about['home']}"


def _bibtex(about: dict[str, Any]) -> str:
    key = f"{about['name']}_{about['version']}".replace("-", "_").replace(".", "_")
    lines = {
        "author": "{" + " and ".join(about["authors"]) + "}",
        "title": "{" + about["title"] + "}",
        "year": about["released"][:4],
        "version": about["version"],
        "url": about["home"],
        "note": f"Dataset, {about['licence']}",
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in lines.items())
    return f"@misc{{{key},\n{body}\n}}"


def _cff(about: dict[str, Any]) -> str:
    authors = "\n".join(f'  - name: "{name}"' for name in about["authors"])
    return "\n".join(
        [
            "cff-version: 1.2.0",
            'message: "If you use this dataset, please cite it as below."',
            "type: dataset",
            f'title: "{about["title"]}"',
            f"version: {about['version']}",
            f'date-released: "{about["released"]}"',
            f"license: {about['licence']}",
            f'url: "{about["home"]}"',
            "authors:",
            authors,
            "",
        ]
    )


_STYLES: dict[str, Callable[[dict[str, Any]], str]] = {"text": _text, "bibtex": _bibtex, "cff": _cff}
