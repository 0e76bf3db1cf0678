-- Which cases follow a case.
CREATE INDEX cases_related ON cases (related) WHERE related <> '';
