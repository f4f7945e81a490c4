"""Semantic models as files of the open semantic interchange spec (OSI, now Apache Ossie), YAML or JSON.

Reads the 1.0 drafts of 2025 (before the numbers started again), 0.1 and 0.2, and writes the one asked for:

    1.0   models in a `semantic_model` list, no `version`; expressions may be plain text
    0.1   models in a `semantic_model` list
    0.2   one model at the top of the document; `datatype`; extension data as a mapping instead of JSON text

What the spec lacks travels in `custom_extensions` of the vendor PARLEY (up to 0.1, where vendors are enumerated, of
COMMON, under the key "parley"). Everything else in a file that Parley has no word for is kept, and written back: other
vendors' extensions, instructions, unique keys, expressions in other dialects.

Source: https://github.com/apache/ossie, core-spec/spec.md and core-spec/ossie-schema.json.
"""

from knowledge.osi.nodes import BadModel
from knowledge.osi.read import load
from knowledge.osi.write import Version, dump

__all__ = ["BadModel", "Version", "dump", "load"]
