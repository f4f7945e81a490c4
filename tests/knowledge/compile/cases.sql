-- # a total
-- {"columns": [{"kind": "measure", "measure": {"kind": "metric", "metric": "sales"}}]}
SELECT
  SUM(lines.quantity * products.price) AS sales
FROM main.order_lines AS lines
LEFT JOIN main.products AS products
  ON lines.product_id = products.id;

-- # top cities by a metric
-- {"columns": [{"kind": "field", "field": "customers.city"}, {"kind": "measure", "measure": {"kind": "metric",
-- "metric": "sales"}}], "order": [{"by": {"kind": "metric", "metric": "sales"}, "descending": true}], "limit": 5}
SELECT
  customers.city,
  SUM(lines.quantity * products.price) AS sales
FROM main.order_lines AS lines
LEFT JOIN main.orders AS orders
  ON lines.order_id = orders.id
LEFT JOIN (
  SELECT
    *
  FROM main.people
  WHERE
    kind = 'customer'
) AS customers
  ON orders.customer_id = customers.id
LEFT JOIN main.products AS products
  ON lines.product_id = products.id
GROUP BY
  1
ORDER BY
  sales DESC,
  city
LIMIT 5;

-- # a condition on a joined field, a period
-- {"columns": [{"kind": "measure", "measure": {"kind": "metric", "metric": "sales"}}], "where": [{"kind":
-- "compare", "field": "products.category", "op": "=", "value": "Wine"}], "period": {"start": "2024-01-01", "end":
-- "2025-01-01", "text": "2024"}}
SELECT
  SUM(lines.quantity * products.price) AS sales
FROM main.order_lines AS lines
LEFT JOIN main.products AS products
  ON lines.product_id = products.id
LEFT JOIN main.orders AS orders
  ON lines.order_id = orders.id
WHERE
  LOWER(products.category) = 'wine'
  AND orders.placed_at >= CAST('2024-01-01' AS DATE)
  AND orders.placed_at < CAST('2025-01-01' AS DATE);

-- # metrics of two datasets meet at a month
-- {"columns": [{"kind": "field", "field": "orders.placed_at", "grain": "month"}, {"kind": "measure", "measure":
-- {"kind": "metric", "metric": "sales_per_visit"}}]}
WITH visits_by_group AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', visits.day) AS DATE) AS month,
    COUNT(visits.customer_id) AS count_customer_id
  FROM main.visits AS visits
  GROUP BY
    1
), lines_by_group AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', orders.placed_at) AS DATE) AS month,
    SUM(lines.quantity * products.price) AS sales
  FROM main.order_lines AS lines
  LEFT JOIN main.orders AS orders
    ON lines.order_id = orders.id
  LEFT JOIN main.products AS products
    ON lines.product_id = products.id
  GROUP BY
    1
), combined AS (
  SELECT
    month,
    COALESCE(MAX(count_customer_id), 0) AS count_customer_id,
    MAX(sales) AS sales
  FROM (
    SELECT
      month,
      count_customer_id,
      NULL AS sales
    FROM visits_by_group
    UNION ALL
    SELECT
      month,
      NULL AS count_customer_id,
      sales
    FROM lines_by_group
  ) AS parts
  GROUP BY
    1
)
SELECT
  month,
  sales / NULLIF(count_customer_id, 0) AS sales_per_visit
FROM combined
ORDER BY
  month;

-- # a ratio across grains
-- {"columns": [{"kind": "field", "field": "customers.city"}, {"kind": "measure", "measure": {"kind": "metric",
-- "metric": "margin"}}]}
WITH lines_by_group AS (
  SELECT
    customers.city,
    SUM(lines.quantity * products.price) AS sales
  FROM main.order_lines AS lines
  LEFT JOIN main.orders AS orders
    ON lines.order_id = orders.id
  LEFT JOIN (
    SELECT
      *
    FROM main.people
    WHERE
      kind = 'customer'
  ) AS customers
    ON orders.customer_id = customers.id
  LEFT JOIN main.products AS products
    ON lines.product_id = products.id
  GROUP BY
    1
), orders_by_group AS (
  SELECT
    customers.city,
    SUM(orders.freight) AS freight
  FROM main.orders AS orders
  LEFT JOIN (
    SELECT
      *
    FROM main.people
    WHERE
      kind = 'customer'
  ) AS customers
    ON orders.customer_id = customers.id
  GROUP BY
    1
), combined AS (
  SELECT
    city,
    MAX(sales) AS sales,
    MAX(freight) AS freight
  FROM (
    SELECT
      city,
      sales,
      NULL AS freight
    FROM lines_by_group
    UNION ALL
    SELECT
      city,
      NULL AS sales,
      freight
    FROM orders_by_group
  ) AS parts
  GROUP BY
    1
)
SELECT
  city,
  (
    COALESCE(sales, 0) - COALESCE(freight, 0)
  ) / NULLIF(sales, 0) * 100 AS margin
FROM combined
ORDER BY
  city;

-- # a conditional rate
-- {"columns": [{"kind": "field", "field": "orders.channel"}, {"kind": "measure", "measure": {"kind": "metric",
-- "metric": "late_rate"}}]}
SELECT
  orders.channel,
  100 * COUNT(*) FILTER(WHERE
    (
      orders.shipped_at > orders.promised_at
    )) / NULLIF(COUNT(orders.id), 0) AS late_rate
FROM main.orders AS orders
GROUP BY
  1
ORDER BY
  channel;

-- # segments side by side
-- {"columns": [{"kind": "measure", "measure": {"kind": "metric", "metric": "sales", "where": [{"kind": "compare",
-- "field": "customers.city", "op": "=", "value": "Oslo"}]}}, {"kind": "measure", "measure": {"kind": "metric",
-- "metric": "sales", "where": [{"kind": "compare", "field": "customers.city", "op": "=", "value": "Rome"}]}}]}
SELECT
  SUM(lines.quantity * products.price) FILTER(WHERE
    LOWER(customers.city) = 'oslo') AS sales_oslo,
  SUM(lines.quantity * products.price) FILTER(WHERE
    LOWER(customers.city) = 'rome') AS sales_rome
FROM main.order_lines AS lines
LEFT JOIN main.products AS products
  ON lines.product_id = products.id
LEFT JOIN main.orders AS orders
  ON lines.order_id = orders.id
LEFT JOIN (
  SELECT
    *
  FROM main.people
  WHERE
    kind = 'customer'
) AS customers
  ON orders.customer_id = customers.id;

-- # the many side as a dimension
-- {"columns": [{"kind": "field", "field": "products.category"}, {"kind": "measure", "measure": {"kind": "metric",
-- "metric": "freight"}}]}
SELECT
  pairs.category,
  SUM(pairs.freight) AS freight
FROM (
  SELECT DISTINCT
    products.category AS category,
    orders.id AS key_id,
    orders.freight AS freight
  FROM main.orders AS orders
  JOIN main.order_lines AS lines
    ON orders.id = lines.order_id
  LEFT JOIN main.products AS products
    ON lines.product_id = products.id
) AS pairs
GROUP BY
  1
ORDER BY
  category;

-- # the many side as a dimension, counted distinctly
-- {"columns": [{"kind": "field", "field": "products.category"}, {"kind": "measure", "measure": {"kind":
-- "aggregate", "agg": "count_distinct", "of": "customers.id"}}]}
SELECT
  products.category,
  COUNT(DISTINCT customers.id) AS number_of_customers
FROM (
  SELECT
    *
  FROM main.people
  WHERE
    kind = 'customer'
) AS customers
JOIN main.orders AS orders
  ON customers.id = orders.customer_id
JOIN main.order_lines AS lines
  ON orders.id = lines.order_id
LEFT JOIN main.products AS products
  ON lines.product_id = products.id
GROUP BY
  1
ORDER BY
  category;

-- # conditions on one related row
-- {"columns": [{"kind": "measure", "measure": {"kind": "aggregate", "agg": "count", "dataset": "customers"}}],
-- "where": [{"kind": "compare", "field": "orders.channel", "op": "=", "value": "web"}, {"kind": "compare",
-- "field": "orders.freight", "op": ">", "value": 10}]}
SELECT
  COUNT(*) AS number_of_customers
FROM (
  SELECT
    *
  FROM main.people
  WHERE
    kind = 'customer'
) AS customers
WHERE
  EXISTS(
    SELECT
      1
    FROM main.orders AS orders
    WHERE
      customers.id = orders.customer_id
      AND LOWER(orders.channel) = 'web'
      AND orders.freight > 10
  );

-- # never bought
-- {"columns": [{"kind": "field", "field": "customers.name"}], "where": [{"kind": "exists", "dataset": "products",
-- "where": [{"kind": "compare", "field": "products.category", "op": "=", "value": "Wine"}], "negated": true}]}
SELECT
  customers.name AS name
FROM (
  SELECT
    *
  FROM main.people
  WHERE
    kind = 'customer'
) AS customers
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM main.orders AS orders
    JOIN main.order_lines AS lines
      ON orders.id = lines.order_id
    JOIN main.products AS products
      ON lines.product_id = products.id
    WHERE
      customers.id = orders.customer_id AND LOWER(products.category) = 'wine'
  );

-- # at least three orders
-- {"columns": [{"kind": "field", "field": "customers.name"}], "where": [{"kind": "exists", "dataset": "orders",
-- "at_least": 3}]}
SELECT
  customers.name AS name
FROM (
  SELECT
    *
  FROM main.people
  WHERE
    kind = 'customer'
) AS customers
WHERE
  (
    SELECT
      COUNT(*)
    FROM main.orders AS orders
    WHERE
      customers.id = orders.customer_id
  ) >= 3;

-- # at least two different products
-- {"columns": [{"kind": "field", "field": "customers.name"}], "where": [{"kind": "exists", "dataset": "products",
-- "at_least": 2}]}
SELECT
  customers.name AS name
FROM (
  SELECT
    *
  FROM main.people
  WHERE
    kind = 'customer'
) AS customers
WHERE
  (
    SELECT
      COUNT(DISTINCT products.id)
    FROM main.orders AS orders
    JOIN main.order_lines AS lines
      ON orders.id = lines.order_id
    JOIN main.products AS products
      ON lines.product_id = products.id
    WHERE
      customers.id = orders.customer_id
  ) >= 2;

-- # a comparison of years by month
-- {"columns": [{"kind": "field", "field": "orders.placed_at", "grain": "month"}, {"kind": "measure", "measure":
-- {"kind": "metric", "metric": "sales"}}], "period": {"start": "2024-01-01", "end": "2025-01-01", "text": "2024"},
-- "compare_to": {"start": "2023-01-01", "end": "2024-01-01", "text": "2023"}}
WITH lines_by_group AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', orders.placed_at) AS DATE) AS month,
    SUM(lines.quantity * products.price) AS sales
  FROM main.order_lines AS lines
  LEFT JOIN main.orders AS orders
    ON lines.order_id = orders.id
  LEFT JOIN main.products AS products
    ON lines.product_id = products.id
  WHERE
    orders.placed_at >= CAST('2024-01-01' AS DATE)
    AND orders.placed_at < CAST('2025-01-01' AS DATE)
  GROUP BY
    1
), lines_by_group_before AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', orders.placed_at + INTERVAL '12' MONTH) AS DATE) AS month,
    SUM(lines.quantity * products.price) AS sales_before
  FROM main.order_lines AS lines
  LEFT JOIN main.orders AS orders
    ON lines.order_id = orders.id
  LEFT JOIN main.products AS products
    ON lines.product_id = products.id
  WHERE
    orders.placed_at >= CAST('2023-01-01' AS DATE)
    AND orders.placed_at < CAST('2024-01-01' AS DATE)
  GROUP BY
    1
), combined AS (
  SELECT
    month,
    MAX(sales) AS sales,
    MAX(sales_before) AS sales_before
  FROM (
    SELECT
      month,
      sales,
      NULL AS sales_before
    FROM lines_by_group
    UNION ALL
    SELECT
      month,
      NULL AS sales,
      sales_before
    FROM lines_by_group_before
  ) AS parts
  GROUP BY
    1
)
SELECT
  month,
  sales,
  sales_before AS sales_previous,
  COALESCE(sales, 0) - COALESCE(sales_before, 0) AS sales_change,
  100 * (
    COALESCE(sales, 0) - COALESCE(sales_before, 0)
  ) / NULLIF(sales_before, 0) AS sales_change_pct
FROM combined
ORDER BY
  month;

-- # shares, and a rank
-- {"columns": [{"kind": "field", "field": "regions.group"}, {"kind": "measure", "measure": {"kind": "share", "of":
-- {"kind": "metric", "metric": "sales"}}}, {"kind": "measure", "measure": {"kind": "rank", "of": {"kind":
-- "metric", "metric": "sales"}}}]}
WITH lines_by_group AS (
  SELECT
    regions."Group" AS "group",
    SUM(lines.quantity * products.price) AS sales
  FROM main.order_lines AS lines
  LEFT JOIN main.orders AS orders
    ON lines.order_id = orders.id
  LEFT JOIN (
    SELECT
      *
    FROM main.people
    WHERE
      kind = 'customer'
  ) AS customers
    ON orders.customer_id = customers.id
  LEFT JOIN main."Sales Regions" AS regions
    ON customers.region_id = regions.id
  LEFT JOIN main.products AS products
    ON lines.product_id = products.id
  GROUP BY
    1
)
SELECT
  "group",
  100 * sales / NULLIF(SUM(sales) OVER (), 0) AS share_of_sales,
  RANK() OVER (ORDER BY sales DESC) AS rank_by_sales
FROM lines_by_group
ORDER BY
  "group";

-- # a share as a condition
-- {"columns": [{"kind": "field", "field": "products.name"}], "having": [{"measure": {"kind": "share", "of":
-- {"kind": "metric", "metric": "sales"}}, "op": ">", "value": 10}]}
WITH lines_by_group AS (
  SELECT
    products.name,
    SUM(lines.quantity * products.price) AS sales
  FROM main.order_lines AS lines
  LEFT JOIN main.products AS products
    ON lines.product_id = products.id
  GROUP BY
    1
), with_windows AS (
  SELECT
    *,
    100 * sales / NULLIF(SUM(sales) OVER (), 0) AS value
  FROM lines_by_group
)
SELECT
  name
FROM with_windows
WHERE
  value > 10
ORDER BY
  name;

-- # growth and a running total
-- {"columns": [{"kind": "field", "field": "orders.placed_at", "grain": "month"}, {"kind": "measure", "measure":
-- {"kind": "metric", "metric": "freight"}}, {"kind": "measure", "measure": {"kind": "growth", "of": {"kind":
-- "metric", "metric": "freight"}}}, {"kind": "measure", "measure": {"kind": "running", "of": {"kind": "metric",
-- "metric": "freight"}}}]}
WITH orders_by_group AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', orders.placed_at) AS DATE) AS month,
    SUM(orders.freight) AS freight
  FROM main.orders AS orders
  GROUP BY
    1
), with_windows AS (
  SELECT
    *,
    MAX(freight) OVER (
      ORDER BY month
      RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND INTERVAL '1' MONTH PRECEDING
    ) AS before,
    SUM(freight) OVER (ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS freight_so_far
  FROM orders_by_group
)
SELECT
  month,
  freight,
  100 * (
    freight - before
  ) / NULLIF(before, 0) AS change_in_freight_from_the_period_before,
  freight_so_far
FROM with_windows
ORDER BY
  month;

-- # gaps filled, growth from before the period
-- {"columns": [{"kind": "field", "field": "orders.placed_at", "grain": "month"}, {"kind": "measure", "measure":
-- {"kind": "growth", "of": {"kind": "metric", "metric": "freight"}, "over": "year_ago"}}, {"kind": "measure",
-- "measure": {"kind": "running", "of": {"kind": "metric", "metric": "freight"}, "agg": "avg", "window": 3}}],
-- "period": {"start": "2024-01-01", "end": "2025-01-01", "text": "2024"}, "fill_gaps": true}
WITH orders_by_group AS (
  SELECT
    CAST(DATE_TRUNC('MONTH', orders.placed_at) AS DATE) AS month,
    SUM(orders.freight) AS freight
  FROM main.orders AS orders
  WHERE
    orders.placed_at >= CAST('2023-01-01' AS DATE)
    AND orders.placed_at < CAST('2025-01-01' AS DATE)
  GROUP BY
    1
), periods AS (
  SELECT
    CAST(UNNEST(
      GENERATE_SERIES(CAST('2023-01-01' AS DATE), CAST('2024-12-01' AS DATE), INTERVAL '1' MONTH)
    ) AS DATE) AS month
  UNION
  SELECT
    month
  FROM orders_by_group
), filled AS (
  SELECT
    periods.month,
    COALESCE(orders_by_group.freight, 0) AS freight
  FROM periods
  LEFT JOIN orders_by_group
    ON orders_by_group.month IS NOT DISTINCT FROM periods.month
), with_windows AS (
  SELECT
    *,
    MAX(freight) OVER (
      ORDER BY month
      RANGE BETWEEN INTERVAL '12' MONTH PRECEDING AND INTERVAL '12' MONTH PRECEDING
    ) AS before
  FROM filled
), step AS (
  SELECT
    *,
    AVG(freight) OVER (ORDER BY month RANGE BETWEEN INTERVAL '2' MONTH PRECEDING AND CURRENT ROW) AS average_freight_last_3
  FROM with_windows
  WHERE
    month >= CAST('2024-01-01' AS DATE)
)
SELECT
  month,
  100 * (
    freight - before
  ) / NULLIF(before, 0) AS change_in_freight_from_a_year_ago,
  average_freight_last_3
FROM step
ORDER BY
  month;

-- # top two of each group
-- {"columns": [{"kind": "field", "field": "customers.city"}, {"kind": "field", "field": "products.name"}, {"kind":
-- "measure", "measure": {"kind": "metric", "metric": "sales"}}], "order": [{"by": {"kind": "metric", "metric":
-- "sales"}, "descending": true}], "limit": 2, "limit_per": ["customers.city"]}
WITH lines_by_group AS (
  SELECT
    customers.city,
    products.name,
    SUM(lines.quantity * products.price) AS sales
  FROM main.order_lines AS lines
  LEFT JOIN main.orders AS orders
    ON lines.order_id = orders.id
  LEFT JOIN (
    SELECT
      *
    FROM main.people
    WHERE
      kind = 'customer'
  ) AS customers
    ON orders.customer_id = customers.id
  LEFT JOIN main.products AS products
    ON lines.product_id = products.id
  GROUP BY
    1,
    2
)
SELECT
  city,
  name,
  sales
FROM (
  SELECT
    city,
    name,
    sales,
    ROW_NUMBER() OVER (PARTITION BY city ORDER BY sales DESC, name) AS position
  FROM lines_by_group
) AS numbered
WHERE
  position <= 2
ORDER BY
  city,
  position;

-- # having more than the average
-- {"columns": [{"kind": "field", "field": "customers.name"}, {"kind": "field", "field": "customers.id", "shown":
-- false}, {"kind": "measure", "measure": {"kind": "metric", "metric": "sales"}}], "having": [{"measure": {"kind":
-- "metric", "metric": "sales"}, "op": ">", "value": {"kind": "subresult", "agg": "avg", "request": {"columns":
-- [{"kind": "field", "field": "customers.id"}, {"kind": "measure", "measure": {"kind": "metric", "metric":
-- "sales"}}]}}}]}
SELECT
  customers.name,
  SUM(lines.quantity * products.price) AS sales
FROM main.order_lines AS lines
LEFT JOIN main.orders AS orders
  ON lines.order_id = orders.id
LEFT JOIN (
  SELECT
    *
  FROM main.people
  WHERE
    kind = 'customer'
) AS customers
  ON orders.customer_id = customers.id
LEFT JOIN main.products AS products
  ON lines.product_id = products.id
GROUP BY
  1,
  customers.id
HAVING
  SUM(lines.quantity * products.price) > (
    SELECT
      AVG(sales)
    FROM (
      SELECT
        customers.id,
        SUM(lines.quantity * products.price) AS sales
      FROM main.order_lines AS lines
      LEFT JOIN main.orders AS orders
        ON lines.order_id = orders.id
      LEFT JOIN (
        SELECT
          *
        FROM main.people
        WHERE
          kind = 'customer'
      ) AS customers
        ON orders.customer_id = customers.id
      LEFT JOIN main.products AS products
        ON lines.product_id = products.id
      GROUP BY
        1
    ) AS found
  )
ORDER BY
  name,
  customers.id;

-- # a list from a sub-result
-- {"columns": [{"kind": "measure", "measure": {"kind": "metric", "metric": "freight"}}], "where": [{"kind":
-- "compare", "field": "customers.id", "op": "in", "value": {"kind": "subresult", "request": {"columns": [{"kind":
-- "field", "field": "customers.id"}], "order": [{"by": {"kind": "metric", "metric": "sales"}, "descending":
-- true}], "limit": 10}}}]}
SELECT
  SUM(orders.freight) AS freight
FROM main.orders AS orders
LEFT JOIN (
  SELECT
    *
  FROM main.people
  WHERE
    kind = 'customer'
) AS customers
  ON orders.customer_id = customers.id
WHERE
  customers.id IN (
    SELECT
      customers.id
    FROM main.order_lines AS lines
    LEFT JOIN main.orders AS orders
      ON lines.order_id = orders.id
    LEFT JOIN (
      SELECT
        *
      FROM main.people
      WHERE
        kind = 'customer'
    ) AS customers
      ON orders.customer_id = customers.id
    LEFT JOIN main.products AS products
      ON lines.product_id = products.id
    GROUP BY
      1
    ORDER BY
      SUM(lines.quantity * products.price) DESC,
      id
    LIMIT 10
  );

-- # records
-- {"columns": [{"kind": "field", "field": "orders.id"}, {"kind": "field", "field": "customers.name"}, {"kind":
-- "field", "field": "orders.placed_at"}], "where": [{"kind": "compare", "field": "orders.is_late", "op": "=",
-- "value": true}], "order": [{"by": {"kind": "field", "field": "orders.freight"}, "descending": true}], "limit":
-- 10}
SELECT
  orders.id AS id,
  customers.name AS name,
  orders.placed_at AS placed_at
FROM main.orders AS orders
LEFT JOIN (
  SELECT
    *
  FROM main.people
  WHERE
    kind = 'customer'
) AS customers
  ON orders.customer_id = customers.id
WHERE
  (
    orders.shipped_at > orders.promised_at
  ) = TRUE
ORDER BY
  orders.freight DESC,
  orders.id
LIMIT 10;

-- # distinct records
-- {"columns": [{"kind": "field", "field": "customers.city"}], "distinct": true}
SELECT DISTINCT
  customers.city AS city
FROM (
  SELECT
    *
  FROM main.people
  WHERE
    kind = 'customer'
) AS customers
ORDER BY
  city;

-- # parts and bins
-- {"columns": [{"kind": "field", "field": "orders.placed_at", "part": "day_of_week"}, {"kind": "field", "field":
-- "orders.freight", "bin": 10}, {"kind": "measure", "measure": {"kind": "aggregate", "agg": "count", "dataset":
-- "orders"}}]}
SELECT
  EXTRACT(ISODOW FROM orders.placed_at) AS day_of_week,
  FLOOR(orders.freight / 10) * 10 AS freight,
  COUNT(*) AS number_of_orders
FROM main.orders AS orders
GROUP BY
  1,
  2
ORDER BY
  day_of_week,
  freight;

-- # text and time conditions
-- {"columns": [{"kind": "measure", "measure": {"kind": "aggregate", "agg": "count", "dataset": "orders"}}],
-- "where": [{"kind": "compare", "field": "orders.channel", "op": "contains", "value": "50%"}, {"kind": "compare",
-- "field": "orders.placed_at", "op": "=", "value": "2024-03"}, {"kind": "any", "of": [{"kind": "compare", "field":
-- "customers.city", "op": "in", "value": ["Oslo", "Rome"]}, {"kind": "compare", "field": "customers.city", "op":
-- "is_null"}]}]}
SELECT
  COUNT(*) AS number_of_orders
FROM main.orders AS orders
LEFT JOIN (
  SELECT
    *
  FROM main.people
  WHERE
    kind = 'customer'
) AS customers
  ON orders.customer_id = customers.id
WHERE
  orders.channel ILIKE '%50\%%' ESCAPE '\'
  AND orders.placed_at >= CAST('2024-03-01' AS DATE)
  AND orders.placed_at < CAST('2024-04-01' AS DATE)
  AND (
    LOWER(customers.city) IN ('oslo', 'rome') OR customers.city IS NULL
  );

-- # medians, percentiles, first and last
-- {"columns": [{"kind": "measure", "measure": {"kind": "aggregate", "agg": "median", "of": "orders.freight"}},
-- {"kind": "measure", "measure": {"kind": "aggregate", "agg": "percentile", "of": "orders.freight", "p": 0.9}},
-- {"kind": "measure", "measure": {"kind": "aggregate", "agg": "last", "of": "orders.freight"}}, {"kind":
-- "measure", "measure": {"kind": "aggregate", "agg": "mode", "of": "orders.channel"}}]}
SELECT
  MEDIAN(orders.freight) AS median_freight,
  QUANTILE_CONT(orders.freight, 0.9) AS _90th_percentile_of_freight,
  ARG_MAX(orders.freight, orders.placed_at) AS last_freight,
  MODE(orders.channel) AS most_common_channel
FROM main.orders AS orders;

-- # a value of each row
-- {"columns": [{"kind": "field", "field": "orders.id"}, {"kind": "field", "field": {"kind": "calc", "op":
-- "days_between", "args": ["orders.placed_at", {"kind": "literal", "value": "2024-12-31"}]}}], "limit": 3}
SELECT
  orders.id AS id,
  DATE_DIFF('DAY', orders.placed_at, CAST('2024-12-31' AS DATE)) AS days_from_placed_at_to_2024_12_31
FROM main.orders AS orders
ORDER BY
  orders.id
LIMIT 3;
