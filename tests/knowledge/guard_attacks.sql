DROP TABLE sales
DELETE FROM sales
UPDATE sales SET amount = 0
INSERT INTO sales SELECT * FROM sales
CREATE TABLE x AS SELECT 1
CREATE MACRO f() AS 1
ALTER TABLE sales ADD COLUMN x INT
TRUNCATE sales
MERGE INTO sales USING shop ON false WHEN NOT MATCHED THEN INSERT VALUES (1)
SELECT 1; DROP TABLE sales
SELECT 1; SELECT 2
;
WITH gone AS (DELETE FROM sales RETURNING *) SELECT * FROM gone
WITH new AS (INSERT INTO sales SELECT * FROM sales RETURNING *) SELECT * FROM new
COPY sales TO '/tmp/out.csv'
COPY (SELECT * FROM sales) TO '/tmp/out.csv'
EXPORT DATABASE '/tmp/out'
ATTACH '/tmp/other.db' AS other
DETACH main
USE memory
INSTALL httpfs
LOAD httpfs
SET memory_limit = '100GB'
RESET memory_limit
PRAGMA database_list
CALL pragma_version()
CHECKPOINT
VACUUM
BEGIN TRANSACTION
EXPLAIN SELECT 1
DESCRIBE sales
SUMMARIZE sales
SHOW TABLES
PREPARE q AS SELECT 1
EXECUTE q
SELECT * FROM (DESCRIBE sales)
SELECT * FROM (SHOW ALL TABLES)
SELECT * FROM (SUMMARIZE sales)
SELECT * INTO copy_of FROM sales
SELECT * FROM sales FOR UPDATE
SELECT * FROM '/etc/passwd'
SELECT * FROM "/etc/passwd"
SELECT * FROM 'file.csv'
SELECT * FROM 'data/*.parquet'
SELECT * FROM "https://example.com/a.parquet"
SELECT * FROM 's3://bucket/key'
SELECT * FROM 'x.json'
FROM 'x.xlsx'
SELECT * FROM read_csv('/etc/passwd')
SELECT * FROM read_csv_auto('/etc/passwd')
SELECT * FROM READ_PARQUET('x')
SELECT * FROM "read_text"('/etc/passwd')
SELECT * FROM main.read_text('/etc/passwd')
SELECT * FROM system.main.read_blob('/etc/passwd')
SELECT * FROM read_json_objects('x')
SELECT * FROM read_duckdb('x')
SELECT * FROM glob('/*')
SELECT * FROM sniff_csv('/etc/passwd')
SELECT * FROM parquet_metadata('x')
SELECT * FROM parquet_scan('x')
SELECT * FROM query('DROP TABLE sales')
SELECT * FROM query_table('secret')
SELECT * FROM duckdb_secrets()
SELECT * FROM duckdb_settings()
SELECT * FROM duckdb_tables()
SELECT * FROM pragma_table_info('secret')
SELECT * FROM pragma_storage_info('secret')
SELECT * FROM json_execute_serialized_sql('x')
SELECT * FROM repeat_row(1, num_rows = 10)
SELECT * FROM seq_scan('secret')
SELECT * FROM which_secret('s3://x', 's3')
SELECT * FROM sales, LATERAL read_text(tags[1])
SELECT (SELECT content FROM read_text('/etc/passwd'))
SELECT id FROM sales WHERE amount IN (SELECT pin FROM secret)
SELECT id FROM sales UNION SELECT pin FROM secret
SELECT * FROM secret
SELECT * FROM main.secret
SELECT * FROM memory.main.secret
SELECT * FROM "SECRET"
SELECT * FROM sales JOIN secret ON true
SELECT * FROM secret, (WITH secret AS (SELECT 1 AS pin) SELECT * FROM secret) AS fine
WITH secret AS (SELECT * FROM secret) SELECT * FROM secret
WITH a AS (SELECT * FROM secret), secret AS (SELECT 1 AS pin) SELECT * FROM a
SELECT * FROM (TABLE secret)
SELECT (SELECT max(pin) FROM secret) FROM sales
SELECT * FROM sales ORDER BY (SELECT pin FROM secret)
SELECT * FROM sales PIVOT (sum(amount) FOR shop_id IN (SELECT pin FROM secret))
SELECT * FROM information_schema.tables
SELECT * FROM pg_catalog.pg_tables
SELECT * FROM sqlite_master
SELECT * FROM duckdb_columns
SELECT getenv('HOME')
SELECT getvariable('x')
SELECT current_setting('memory_limit')
SELECT current_user
SELECT current_database()
SELECT version()
SELECT pg_sleep(100)
SELECT sleep_ms(100)
SELECT nextval('s')
SELECT setseed(0.5)
SELECT write_log('x')
SELECT json_serialize_sql('SELECT 1')
SELECT has_table_privilege('secret', 'select')
SELECT ?
SELECT $1
SELECT :name
VALUES (1)
SELECT 1 /*
SELECT
nonsense
SELECT repeat('x', 1000000000)
SELECT lpad('x', 1000000000, 'y')
SELECT len(range(1000000000))
SELECT unnest(generate_series(1, 1e12::BIGINT))
SELECT len(list_resize([1], 1000000000, 1))
SELECT format('{:>2000000000}', 'x')
SELECT printf('%2000000000d', 1)
SELECT format('{:>{}}', 'x', 2000000000)
SELECT bitstring('1', 2000000000)
SELECT COLUMNS('.*') FROM secret
SELECT COLUMNS(c -> c LIKE 'p%') FROM secret
FROM secret SELECT pin
FROM sales SELECT * UNION ALL BY NAME FROM secret
SELECT * FROM sales POSITIONAL JOIN secret
SELECT * FROM sales ASOF JOIN secret ON sales.id >= secret.pin
SELECT * FROM (UNPIVOT secret ON pin)
PIVOT secret ON pin USING count(*)
SELECT list_transform([1], x -> (SELECT pin FROM secret))
SELECT sum(amount) OVER (ORDER BY (SELECT pin FROM secret)) FROM sales
SELECT * FROM sales QUALIFY row_number() OVER () < (SELECT pin FROM secret)
SELECT * FROM sales LIMIT (SELECT pin FROM secret)
SELECT * REPLACE ((SELECT pin FROM secret) AS id) FROM sales
SELECT * FROM $$secret$$
SELECT unnest(['secret']) AS t, * FROM query_table(t)
SELECT * FROM ducklake_snapshots('x')
SELECT * FROM range((SELECT pin FROM secret))
WITH RECURSIVE t USING KEY (a) AS (SELECT 1 AS a, pin FROM secret UNION SELECT a + 1, pin FROM t WHERE a < 3) FROM t
FROM secret |> SELECT pin
CREATE SECRET s (TYPE s3)
SET VARIABLE x = (SELECT pin FROM secret)
COPY FROM DATABASE memory TO x
VALUES ((SELECT pin FROM secret))
SELECT content FROM sales, read_text(item.sku)
SELECT list_transform(['/etc/passwd'], x -> read_text(x))
CALL enable_logging()
SELECT * FROM truncate_duckdb_logs()
DECLARE c CURSOR FOR SELECT * FROM sales
