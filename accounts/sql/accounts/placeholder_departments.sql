-- A placeholder without a department works where most of its accounts are.
INSERT INTO firm_departmentmembership (user_id, department_id, valid)
SELECT DISTINCT ON (person.id) person.id, department.id, daterange(NULL, NULL)
  FROM stage
  JOIN firm_user AS person ON person.staff_ref = stage.owner AND person.is_placeholder
  JOIN firm_department AS department ON department.code = stage.department
 WHERE stage.problems IS NULL
   AND person.id NOT IN (SELECT user_id FROM firm_departmentmembership)
 GROUP BY person.id, department.id
 ORDER BY person.id, count(*) DESC, department.id
