-- refused: the one side
SELECT sum(c.credit) FROM customers c JOIN orders o ON o.customer_id = c.id

-- refused: written the other way round
SELECT sum(c.credit) FROM orders o JOIN customers c ON c.id = o.customer_id

-- refused: grouped by the one side
SELECT c.name, sum(c.credit), sum(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.name

-- refused: average
SELECT avg(credit) FROM customers JOIN orders ON orders.customer_id = customers.id

-- refused: count
SELECT count(c.id) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id

-- refused: median
SELECT median(c.credit) FROM customers c JOIN orders o ON o.customer_id = c.id

-- refused: joined in WHERE
SELECT sum(credit) FROM customers c, orders o WHERE o.customer_id = c.id AND o.total > 5

-- refused: two steps up
SELECT sum(c.credit) FROM customers c JOIN orders o ON o.customer_id = c.id JOIN lines l ON l.order_id = o.id

-- refused: the middle
SELECT sum(o.total) FROM orders o JOIN lines l ON l.order_id = o.id

-- refused: the middle, by the far end
SELECT p.category, sum(o.total) FROM orders o JOIN lines l ON l.order_id = o.id JOIN products p ON p.id = l.product_id GROUP BY 1

-- refused: a chasm
SELECT c.name, sum(o.total), sum(r.amount) FROM customers c JOIN orders o ON o.customer_id = c.id JOIN returns r ON r.customer_id = c.id GROUP BY 1

-- refused: a chasm without the parent
SELECT sum(o.total) FROM orders o JOIN returns r ON r.customer_id = o.customer_id

-- refused: rows of a chasm
SELECT count(*) FROM customers c JOIN orders o ON o.customer_id = c.id JOIN returns r ON r.customer_id = c.id

-- refused: a cross join
SELECT sum(o.total) FROM orders o, stores s

-- refused: a condition on the many side
SELECT sum(CASE WHEN o.total > 5 THEN c.credit END) FROM customers c JOIN orders o ON o.customer_id = c.id

-- refused: FILTER on the many side
SELECT sum(c.credit) FILTER (WHERE o.total > 5) FROM customers c JOIN orders o ON o.customer_id = c.id

-- refused: one term of two
SELECT sum(o.total + c.credit) FROM customers c JOIN orders o ON o.customer_id = c.id

-- refused: in a WITH
WITH x AS (SELECT c.name, sum(c.credit) AS s FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY 1) SELECT * FROM x

-- refused: in a subquery
SELECT name FROM customers WHERE credit > (SELECT avg(s.rent) FROM stores s JOIN orders o ON o.store_id = s.id)

-- refused: in half of a UNION
SELECT sum(total) FROM orders UNION SELECT sum(rent) FROM stores JOIN orders ON store_id = stores.id

-- refused: rows repeated in a subquery
SELECT sum(credit) FROM (SELECT c.id, c.credit, o.total FROM customers c JOIN orders o ON o.customer_id = c.id) x

-- refused: rows repeated in a WITH, by star
WITH j AS (SELECT * FROM orders o JOIN lines l ON l.order_id = o.id) SELECT sum(total) FROM j

-- refused: a plain subquery on the many side
SELECT sum(c.credit) FROM customers c JOIN (SELECT customer_id, total FROM orders WHERE total > 1) o ON o.customer_id = c.id

-- refused: a group that is not the join's
SELECT sum(c.credit) FROM customers c JOIN (SELECT customer_id, day, sum(total) t FROM orders GROUP BY 1, 2) o ON o.customer_id = c.id

-- refused: a boss once for each of the staff
SELECT sum(b.pay) FROM staff s JOIN staff b ON s.boss_id = b.id

-- refused: a running sum
SELECT sum(c.credit) OVER (ORDER BY o.id) FROM customers c JOIN orders o ON o.customer_id = c.id

-- refused: a schema's name
SELECT sum(c.credit) FROM main.customers c JOIN "main"."orders" o ON o.customer_id = c.id

-- refused: totals of groups, repeated
WITH o AS (SELECT customer_id, sum(total) t FROM orders GROUP BY 1) SELECT sum(t) FROM returns JOIN o USING (customer_id)

-- refused: USING
SELECT sum(o.total) FROM orders o JOIN returns r USING (customer_id)

-- fine: one table
SELECT sum(credit), count(*) FROM customers

-- fine: the many side
SELECT c.name, sum(o.total), count(*), count(o.id) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY 1

-- fine: the finest of a chain
SELECT c.name, s.city, p.category, sum(l.amount), avg(l.qty), count(*) FROM lines l JOIN orders o ON l.order_id = o.id JOIN customers c ON c.id = o.customer_id JOIN stores s ON s.id = o.store_id JOIN products p ON p.id = l.product_id GROUP BY ALL

-- fine: a price of the one side times a quantity
SELECT sum(l.qty * p.price), sum(l.amount - l.qty * p.price) FROM lines l JOIN products p ON p.id = l.product_id

-- fine: unharmed aggregates
SELECT count(DISTINCT c.id), min(c.credit), max(c.credit) FROM customers c JOIN orders o ON o.customer_id = c.id

-- fine: a chasm, counted distinct
SELECT count(DISTINCT o.id), count(DISTINCT r.id) FROM customers c JOIN orders o ON o.customer_id = c.id JOIN returns r ON r.customer_id = c.id

-- fine: aggregated before the join
SELECT sum(c.credit), sum(o.t) FROM customers c LEFT JOIN (SELECT customer_id, sum(total) AS t FROM orders GROUP BY customer_id) o ON o.customer_id = c.id

-- fine: both sides aggregated before
WITH o AS (SELECT customer_id, sum(total) t FROM orders GROUP BY 1), r AS (SELECT customer_id, sum(amount) a FROM returns GROUP BY ALL) SELECT sum(o.t), sum(r.a), sum(c.credit) FROM customers c LEFT JOIN o ON o.customer_id = c.id LEFT JOIN r ON r.customer_id = c.id

-- fine: existence
SELECT sum(credit) FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id) AND c.id IN (SELECT customer_id FROM returns)

-- fine: a semi join
SELECT sum(c.credit) FROM customers c SEMI JOIN orders o ON o.customer_id = c.id

-- fine: one to one
SELECT sum(c.credit) FROM customers c JOIN details d ON d.customer_id = c.id WHERE d.vip

-- fine: a condition counted
SELECT c.name, sum(CASE WHEN o.total > 5 THEN 1 ELSE 0 END), count(CASE WHEN o.total > 5 THEN 1 END), count_if(o.total > 5) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY 1

-- fine: the latest of each
SELECT sum(c.credit) FROM customers c JOIN (SELECT * FROM orders QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY day DESC) = 1) o ON o.customer_id = c.id

-- fine: the first of each, by number
WITH n AS (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY day) AS rn FROM orders) SELECT sum(c.credit) FROM customers c JOIN n ON n.customer_id = c.id AND n.rn = 1

-- fine: the first of each, filtered inside
WITH n AS (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY day) AS rn FROM orders), f AS (SELECT * FROM n WHERE rn = 1) SELECT sum(c.credit) FROM customers c JOIN f ON f.customer_id = c.id

-- fine: distinct first
SELECT sum(c.credit) FROM customers c JOIN (SELECT DISTINCT customer_id FROM orders) o ON o.customer_id = c.id

-- fine: a total beside
SELECT sum(o.total) / max(a.t) FROM orders o, (SELECT sum(total) t FROM orders) a

-- fine: sum of sums
SELECT c.name, sum(o.total), sum(sum(o.total)) OVER () FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY 1

-- fine: de-duplicated after
SELECT sum(credit) FROM (SELECT DISTINCT c.id, c.credit FROM customers c JOIN orders o ON o.customer_id = c.id) x

-- fine: grouped after
SELECT avg(t) FROM (SELECT c.id, sum(o.total) t FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id) x

-- fine: one boss each
SELECT b.id, sum(s.pay) FROM staff s JOIN staff b ON s.boss_id = b.id GROUP BY 1

-- fine: a spine of days
SELECT d.day, coalesce(sum(o.total), 0) FROM generate_series(DATE '2024-01-01', DATE '2024-02-01', INTERVAL 1 DAY) d(day) LEFT JOIN orders o ON o.day = d.day GROUP BY 1

-- fine: a range of dates
SELECT sum(o.total * r.rate) FROM orders o ASOF JOIN rates r ON o.day >= r.day

-- fine: an unknown table
SELECT sum(c.credit) FROM customers c JOIN elsewhere e ON e.id = c.id

-- fine: values
SELECT sum(c.credit * v.f) FROM customers c JOIN (VALUES ('Ann', 2), ('Bob', 3)) v(name, f) ON v.name = c.name

-- fine: USING the key
WITH o AS (SELECT customer_id, sum(total) t FROM orders GROUP BY 1) SELECT sum(r.amount) FROM returns r JOIN o USING (customer_id)

-- fine: no columns
SELECT sum(1) FROM customers

-- refused: FROM first
FROM orders o JOIN lines l ON l.order_id = o.id SELECT sum(o.total)

-- refused: a join in brackets
SELECT sum(o.total) FROM (orders o JOIN lines l ON l.order_id = o.id)

-- refused: another name of a sum
SELECT fsum(o.total) FROM orders o JOIN lines l ON l.order_id = o.id

-- refused: the sum of a list
SELECT list_sum(list(o.total)) FROM orders o JOIN lines l ON l.order_id = o.id

-- refused: a list unnested beside
SELECT sum(o.total) FROM orders o, unnest([1, 2]) u

-- refused: a range beside
SELECT sum(o.total) FROM orders o, range(3) u

-- refused: values beside
SELECT sum(o.total) FROM orders o, (VALUES (1), (2)) u(x)

-- fine: a spine of months
SELECT m.range, sum(o.total) FROM range(1, 13) m LEFT JOIN orders o ON month(o.day) = m.range GROUP BY 1
