SELECT count(*), sum(amount), avg(amount), min(day), max(day) FROM sales
SELECT s.city, sum(x.amount) AS total FROM sales x JOIN shop s ON x.shop_id = s.id GROUP BY s.city ORDER BY total DESC
SELECT city, count(*) FILTER (WHERE amount > 3) FROM sales, shop WHERE shop_id = shop.id GROUP BY city ORDER BY ALL
SELECT id, sum(amount) OVER (PARTITION BY shop_id ORDER BY day ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM sales ORDER BY id
SELECT id, lag(amount) OVER w, rank() OVER w FROM sales WINDOW w AS (PARTITION BY shop_id ORDER BY id) ORDER BY id
SELECT * FROM sales QUALIFY row_number() OVER (PARTITION BY shop_id ORDER BY amount DESC NULLS LAST, id) = 1 ORDER BY id
SELECT shop_id, date_trunc('month', day) AS m, sum(amount) FROM sales GROUP BY GROUPING SETS ((shop_id), (m), ()) ORDER BY ALL
SELECT shop_id, count(*) FROM sales GROUP BY ROLLUP (shop_id) ORDER BY 1
SELECT shop_id, id % 2, count(*) FROM sales GROUP BY CUBE (shop_id, id % 2) ORDER BY ALL
SELECT city, x.* FROM shop, LATERAL (SELECT max(amount) AS top FROM sales WHERE shop_id = shop.id) x ORDER BY shop.id
WITH a AS (SELECT shop_id, sum(amount) AS t FROM sales GROUP BY 1), b AS (SELECT avg(t) AS m FROM a) SELECT * FROM a, b WHERE t > m ORDER BY 1
WITH RECURSIVE up AS (SELECT id, boss_id, 0 AS d FROM staff WHERE boss_id IS NULL UNION ALL SELECT s.id, s.boss_id, d + 1 FROM staff s JOIN up ON s.boss_id = up.id) SELECT * FROM up ORDER BY d
SELECT unnest(tags) AS tag, count(*) FROM sales GROUP BY tag ORDER BY tag
SELECT id, tag FROM sales, unnest(tags) AS u(tag) ORDER BY id, tag
SELECT list(id ORDER BY id), list_sort(list_distinct(flatten(list(tags)))) FROM sales
SELECT list_transform(tags, lambda x: upper(x)), list_filter(tags, lambda t: t <> 'a'), [t || '!' FOR t IN tags] FROM sales ORDER BY id
SELECT item.sku, item['kg'], struct_pack(a := id).a, {'b': id}.b FROM sales ORDER BY id
SELECT map {'a': 1}['a'], array_length(tags), len(tags), tags[1], tags[-1:] FROM sales ORDER BY id
SELECT extract(year FROM day), month(day), dayname(day), strftime(day, '%Y-%m'), day + INTERVAL 3 DAY, last_day(day::DATE) FROM sales ORDER BY id
SELECT date_diff('day', DATE '2024-01-01', day), age(day, TIMESTAMP '2024-01-01'), epoch(day), time_bucket(INTERVAL '1 month', day) FROM sales ORDER BY id
SELECT day AT TIME ZONE 'Europe/Rome', make_date(2024, 2, 3), TIMESTAMP '2024-01-01 10:00:00', isodow(day), week(day) FROM sales ORDER BY id
SELECT median(amount), quantile_cont(amount, 0.9), quantile_cont(amount, [0.1, 0.9]), mode(shop_id), stddev(amount), var_pop(amount), corr(id, amount) FROM sales
SELECT arg_max(id, amount), max_by(id, amount), min(amount, 2), first(id ORDER BY id), any_value(shop_id) IS NOT NULL, string_agg(id, ',' ORDER BY id) FROM sales
SELECT count(DISTINCT shop_id), approx_count_distinct(shop_id), bool_or(amount > 3), count_if(amount > 3), histogram(shop_id) FROM sales
SELECT * EXCLUDE (tags, item) REPLACE (amount * 2 AS amount) FROM sales ORDER BY id
SELECT columns('.*id') FROM sales ORDER BY ALL
SELECT * FROM (SELECT shop_id, id % 2 AS odd, amount FROM sales) PIVOT (sum(amount) FOR odd IN (0, 1)) ORDER BY shop_id
SELECT * FROM (SELECT id, shop_id::BIGINT AS a, id AS b FROM sales) UNPIVOT (v FOR n IN (a, b)) ORDER BY ALL
SELECT id FROM sales INTERSECT SELECT id FROM shop ORDER BY id
SELECT id FROM sales EXCEPT SELECT id FROM shop ORDER BY id
SELECT 1 AS a UNION ALL BY NAME SELECT 2 AS a ORDER BY a
SELECT city FROM shop s WHERE EXISTS (SELECT 1 FROM sales WHERE shop_id = s.id AND amount > 9) ORDER BY s.id
SELECT city FROM shop s WHERE NOT EXISTS (SELECT 1 FROM sales WHERE shop_id = s.id AND amount > 100) ORDER BY s.id
SELECT * FROM shop SEMI JOIN sales ON sales.shop_id = shop.id ORDER BY id
SELECT * FROM shop ANTI JOIN sales ON sales.shop_id = shop.id ORDER BY id
SELECT a.id, b.id FROM sales a ASOF JOIN sales b ON a.shop_id = b.shop_id AND a.day > b.day ORDER BY a.id
SELECT g.i, count(s.id) FROM generate_series(1, 15) g(i) LEFT JOIN sales s ON s.id = g.i GROUP BY g.i ORDER BY g.i
SELECT d::DATE, coalesce(sum(amount), 0) FROM range(TIMESTAMP '2024-01-01', TIMESTAMP '2024-06-01', INTERVAL 1 MONTH) r(d) LEFT JOIN sales ON date_trunc('month', day) = d GROUP BY d ORDER BY d
SELECT id, CASE WHEN amount > 5 THEN 'big' WHEN amount IS NULL THEN '?' ELSE 'small' END FROM sales ORDER BY id
SELECT id FROM sales WHERE day BETWEEN '2024-02-01' AND '2024-05-31' AND shop_id IN (1, 2) AND amount IS NOT NULL ORDER BY id
SELECT lower(city) || '; DROP TABLE sales', regexp_extract(city, '(.)o', 1), city ILIKE 'r%', 'it''s -- fine' FROM shop ORDER BY id
SELECT TRY_CAST(city AS INT), amount::INT, round(amount / 3, 2), amount // 2, sales.id % 2, 7 / 2, 2 ** 3, -sales.id FROM sales, shop WHERE shop.id = shop_id ORDER BY sales.id
SELECT FROM_JSON('[1]', '["INT"]'), json_extract_string('{"a": {"b": 7}}', '$.a.b'), '{"a": 1}'::JSON ->> 'a'
SELECT shop_id, amount * 100.0 / sum(amount) OVER () AS pct FROM sales WHERE amount > 0 ORDER BY pct, shop_id LIMIT 3 OFFSET 1
SELECT "odd ""name""" FROM "big table"
FROM sales SELECT shop_id, sum(amount) GROUP BY ALL ORDER BY ALL
SELECT * FROM (VALUES (1, 'x'), (2, 'y')) AS v(n, c) WHERE n > 1
SELECT main.sales.id FROM main.sales WHERE sales.id < 3 /* the first two */ ORDER BY 1 -- done
SELECT x.city, sum(x.n) FROM (SELECT city, 1 AS n FROM shop) AS x GROUP BY ALL HAVING sum(x.n) > 1
SELECT $$it's; fine$$ AS quoted, E'a\'b' AS escaped, 'Straße 😀' AS odd
SELECT count(*) FROM range(1000000) r(i)
SELECT city, repeat('*', count(*)::INT), lpad(city, 8, '.') FROM sales, shop WHERE shop_id = shop.id GROUP BY city ORDER BY city
SELECT unnest(generate_series(min(day), max(day), INTERVAL 1 MONTH)) FROM sales
SELECT id, format('{:>8} {:.2f}', id, amount), printf('%05d', id), bitstring('101', 8) FROM sales
