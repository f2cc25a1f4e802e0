-- Actions go by the same few sets of rules: each set stands once, under the name of its content, and the log names it. A row
-- of the log was 4 KB for it, more than half of what a shop with many actions stored.
CREATE TABLE action_rules (
    tenant_id BIGINT NOT NULL,
    digest TEXT NOT NULL,                          -- of `rules`; the log has {"digest":"…"}, or the rules, before 0013
    rules TEXT NOT NULL,                           -- JSON: the versions of the policies
    PRIMARY KEY (tenant_id, digest)
) WITHOUT ROWID;

-- Nearly all that is done is done: who looks for what waits, was refused or is under way needs no index of the rest.
DROP INDEX action_log_status;
CREATE INDEX action_log_status ON action_log (tenant_id, status, action_id) WHERE status <> 'done';

DELETE FROM sqlite_stat1 WHERE idx = 'action_log_status';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('action_rules', 'action_rules', '200 20 1'),
    ('action_log', 'action_log_status', '20000 20000 5000 1');
ANALYZE sqlite_schema;
