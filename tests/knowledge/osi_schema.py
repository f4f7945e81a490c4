"""The rules of the interchange spec's JSON schemas, condensed: which keys each part of a file may and must have.

From https://github.com/apache/ossie (Apache-2.0): core-spec/ossie-schema.json of 0.2.0.dev0, core-spec/spec.yaml of
0.1.2, and core-spec/osi-schema.json of the 1.0 draft.
"""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": {"type": "string"}}
CONTEXT = {
    "oneOf": [
        {"type": "string"},
        {"type": "object", "properties": {"instructions": {"type": "string"}, "synonyms": TEXTS, "examples": TEXTS}},
    ]
}
DIALECTS = ["ANSI_SQL", "SNOWFLAKE", "MDX", "TABLEAU", "DATABRICKS"]
NEWER_DIALECTS = [*DIALECTS, "MAQL", "BIGQUERY", "SIGMA", "THOUGHTSPOT", "DAX", "HOLISTICS_AQL", "OSSIE_SQL_2026"]
VENDORS = ["COMMON", "SNOWFLAKE", "SALESFORCE", "DBT", "DATABRICKS", "GOODDATA"]
DATATYPES = ["String", "Integer", "Decimal", "Float", "Boolean", "Date", "Time", "DateTime", "DateTimeTz", "Opaque"]


def mapping(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def many(item: dict[str, Any], at_least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": at_least}


def schema(version: str) -> dict[str, Any]:
    newest = version == "0.2"
    extension = mapping(
        "vendor_name data",
        vendor_name={"type": "string"} if newest else {"enum": VENDORS},
        data={"type": "object" if newest else "string"},
    )
    common = {"description": {"type": "string"}, "ai_context": CONTEXT, "custom_extensions": many(extension)}
    entry = mapping("dialect expression", dialect={"enum": NEWER_DIALECTS if newest else DIALECTS}, expression=TEXT)
    expression = mapping("dialects", dialects=many(entry, 1))
    datatype = {"datatype": {"enum": DATATYPES}} if newest else {}
    field = mapping(
        "name expression", name=TEXT, expression=expression, label={"type": "string"},
        dimension=mapping("", is_time={"type": "boolean"}), **datatype, **common,
    )  # fmt: skip
    dataset = mapping(
        "name source", name=TEXT, source=TEXT, primary_key=TEXTS, unique_keys=many(TEXTS), fields=many(field), **common
    )
    relationship = mapping(
        "name from to from_columns to_columns", name=TEXT, **{"from": TEXT}, to=TEXT, from_columns=many(TEXT, 1),
        to_columns=many(TEXT, 1), ai_context=CONTEXT, custom_extensions=many(extension),
    )  # fmt: skip
    metric = mapping("name expression", name=TEXT, expression=expression, **datatype, **common)
    model = {
        "name": TEXT, "datasets": many(dataset, 1), "relationships": many(relationship), "metrics": many(metric),
        **common,
    }  # fmt: skip
    if newest:
        return mapping("version name datasets", version={"const": "0.2.0.dev0"}, **model)
    listed = many(mapping("name datasets", **model), 1)
    if version == "0.1":
        return mapping("version semantic_model", version={"const": "0.1.1"}, semantic_model=listed)
    return mapping("semantic_model", semantic_model=listed)
