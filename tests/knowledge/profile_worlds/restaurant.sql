CREATE SCHEMA pos;
CREATE TABLE pos.mnu_ctg AS SELECT i AS ctg_cd, ['Appetizers','Entrees','Desserts','Drinks'][i] AS ctg_desc FROM range(1, 5) t(i);
CREATE TABLE pos.mnu_itm AS SELECT 'M' || lpad(i::VARCHAR, 3, '0') AS itm_cd, 'Dish ' || i AS itm_nm, 1 + i % 4 AS ctg_cd, 450 + i * 25 AS prc_cents, i % 5 <> 0 AS is_actv FROM range(1, 41) t(i);
CREATE TABLE pos.svr AS SELECT i AS svr_id, 'Server ' || i AS svr_nm, 12.5 + i AS hrly_rt FROM range(1, 9) t(i);
CREATE TABLE pos.chk AS SELECT i AS chk_no, 1 + i % 8 AS svr_id, 1 + i % 15 AS tbl_no, 1 + i % 6 AS cvrs, epoch_ms(TIMESTAMP '2024-03-01 11:00:00' + INTERVAL (i * 17) MINUTE) AS opn_ts_ms, epoch_ms(TIMESTAMP '2024-03-01 12:00:00' + INTERVAL (i * 17) MINUTE) AS cls_ts_ms, (i % 9) * 1.5 AS tip_amt, ['CASH','VISA','AMEX'][i % 3 + 1] AS pmt_typ, '{"channel": "' || ['web','walkin'][i % 2 + 1] || '", "party_size": ' || (1 + i % 6) || '}' AS meta FROM range(1, 501) t(i);
CREATE TABLE pos.chk_ln AS SELECT 1 + i // 3 AS chk_no, 1 + i % 3 AS ln_no, 'M' || lpad((1 + (i * 7) % 40)::VARCHAR, 3, '0') AS itm_cd, 1 + i % 3 AS qty_ord, 450 + i % 900 AS ext_prc_cents, (i % 4) * 10 AS dsc_pct FROM range(0, 1500) t(i);
CREATE TABLE pos.inv_snp AS SELECT DATE '2024-03-01' + (i // 40)::INT AS snp_dt, 'M' || lpad((1 + i % 40)::VARCHAR, 3, '0') AS itm_cd, (i * 7) % 60 AS oh_qty FROM range(0, 400) t(i);
