-- Departments that only the file knows.
INSERT INTO firm_department (code, name)
SELECT DISTINCT department, department
  FROM stage
 WHERE problems IS NULL
   AND department IS NOT NULL
   AND department NOT IN (SELECT code FROM firm_department)
RETURNING code
