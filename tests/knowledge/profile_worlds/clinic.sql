CREATE TABLE PtMaster AS SELECT 'P' || lpad(i::VARCHAR, 5, '0') AS PtMRN, 'Given' || i AS PtFirstNm, 'Family' || i AS PtLastNm, DATE '1940-06-01' + (i * 211)::INT AS PtDOB, CASE i % 2 WHEN 0 THEN 'Female' ELSE 'Male' END AS PtSex FROM range(1, 81) t(i);
CREATE TABLE Prov AS SELECT 500 + i AS ProvID, 'Dr. Name ' || i AS ProvNm, ['Cardiology','Oncology','Family Medicine'][i % 3 + 1] AS Splty, 1 + i % 4 AS DeptNo FROM range(1, 13) t(i);
CREATE TABLE Dept AS SELECT i AS DeptNo, ['ER','ICU','Radiology','Surgery'][i] AS DeptNm, i * 10 AS BedCnt FROM range(1, 5) t(i);
CREATE TABLE Enc AS SELECT 70000 + i AS EncID, 'P' || lpad((1 + i % 80)::VARCHAR, 5, '0') AS PtMRN, 501 + i % 12 AS AttendingProvID, 501 + (i * 5) % 12 AS ReferringProvID, TIMESTAMP '2024-01-01 08:00:00' + INTERVAL (i * 5) HOUR AS AdmitDtTm, TIMESTAMP '2024-01-03 08:00:00' + INTERVAL (i * 5) HOUR AS DischDtTm, (i * 31) % 4000 + 0.5 AS TotChrg, 1 + i % 9 AS LOS FROM range(1, 301) t(i);
CREATE TABLE EncDx AS SELECT 70001 + i % 300 AS EncID, ['E11.9','I10','J45.0','M54.5'][1 + (i // 300 + i) % 4] AS DxCd, 1 + i // 300 AS DxSeq FROM range(0, 600) t(i);
CREATE TABLE DxRef AS SELECT unnest(['E11.9','I10','J45.0','M54.5']) AS DxCd, unnest(['Type 2 diabetes','Hypertension','Asthma','Low back pain']) AS DxDesc;
CREATE TABLE Inpatient AS SELECT 70000 + i * 3 AS EncID, 'W' || (i % 5) AS Ward FROM range(1, 100) t(i);
CREATE TABLE etl_load_log (load_id INTEGER, loaded_at TIMESTAMP);
