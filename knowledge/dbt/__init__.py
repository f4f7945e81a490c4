"""dbt semantic models (MetricFlow YAML) to a SemanticModel.

Both specs are read: the legacy one (`semantic_models` with measures, `metrics` with type_params), and the latest one
(dbt 1.12: `semantic_model` on a model, entities and dimensions on its columns, simple metrics beside them). A metric
becomes SQL over the datasets' fields; the compiler proves each one before it is taken.

What Parley's metrics can't say is listed in the model's `unsaid`, a sentence each: running totals and comparisons with
an earlier period (which are asked for instead: "running total of revenue"), conversions, slowly changing dimensions.

Source: https://docs.getdbt.com/reference/semantic-model-properties and /reference/metric-properties.
"""

from knowledge.dbt.load import load_dbt

__all__ = ["load_dbt"]
