"""pyshacl with the shapes of DCAT-AP, on both serialisations."""

from pathlib import Path

from scripts.gauntlet.reading import Fault, one


def judge(release: Path, shapes: str, standards: str) -> str:
    """Judge Turtle and JSON-LD by the shapes of a file."""
    from pyshacl import validate
    from rdflib import Graph
    from rdflib.compare import isomorphic

    graphs = []
    for name, form in (("dcat.ttl", "turtle"), ("dcat.jsonld", "json-ld")):
        graphs.append(Graph().parse(one(release, name), format=form))
        if not len(graphs[-1]):
            raise Fault(f"{name} says nothing")
        # Not judged by SHACL's own shapes: those of DCAT-AP 3.0.1 do not pass them.
        passed, _, text = validate(graphs[-1], shacl_graph=str(Path(standards) / shapes), meta_shacl=False)
        print(text)
        if not passed:
            paths = [line.split(":", 1)[1].strip() for line in text.splitlines() if "Result Path" in line]
            raise Fault(f"{name}: {len(paths)} results, the first about {paths[0] if paths else 'nothing'}")
    if not isomorphic(*graphs):
        raise Fault("Turtle and JSON-LD say different things")
    return f"{len(graphs[0])} statements, twice"
