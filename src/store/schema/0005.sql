-- 0005 the hand: what was done for buyers and by which rules, and the work orders that it led to.

CREATE TABLE action_log (                          -- every request that was done, waits or was refused. Kept for ever
    tenant_id BIGINT NOT NULL, action_id BIGINT NOT NULL,
    action_key TEXT NOT NULL,                      -- of the wish: what was done under it is not done again
    action TEXT NOT NULL,                          -- trade/action.h
    actor TEXT NOT NULL, person_id BIGINT NOT NULL, -- who asked: buyer bot crowd agent leader staff system; 0: no person
    buyer TEXT NOT NULL, conversation_id BIGINT NOT NULL,
    order_id TEXT NOT NULL, sub_id TEXT NOT NULL, case_id BIGINT NOT NULL, work_order_id BIGINT NOT NULL,
    amount_cents BIGINT NOT NULL,                  -- that it is about
    paid_cents BIGINT NOT NULL,                    -- of it, paid by a rule and no person: bounded a day
    extra_ms BIGINT NOT NULL,                      -- time that it gave
    status TEXT NOT NULL,                          -- done pending waiting refused rejected
    why TEXT NOT NULL,
    request BYTEA NOT NULL,                        -- sealed JSON: the arguments
    result TEXT NOT NULL, rules TEXT NOT NULL,     -- JSON: what came of it; the versions of the policies it went by
    second_id BIGINT NOT NULL,                     -- who said yes or no to what waited; 0: nobody had to
    at_ms BIGINT NOT NULL, settled_ms BIGINT NOT NULL, -- asked; 0: still waits
    PRIMARY KEY (tenant_id, action_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX action_log_key ON action_log (tenant_id, action_key) WHERE status NOT IN ('refused', 'rejected');
CREATE INDEX action_log_order ON action_log (tenant_id, order_id, action_id);
CREATE INDEX action_log_buyer ON action_log (tenant_id, buyer, at_ms);
CREATE INDEX action_log_time ON action_log (tenant_id, action, at_ms);
CREATE INDEX action_log_status ON action_log (tenant_id, status, action_id);

CREATE TABLE work_order (                          -- something for a team to do, by a time
    tenant_id BIGINT NOT NULL, work_order_id BIGINT NOT NULL,
    day BIGINT NOT NULL, number BIGINT NOT NULL,   -- 20261122 and 7: W-20261122-0007
    team TEXT NOT NULL,                            -- trade/work_order.h
    kind TEXT NOT NULL,                            -- the action that made it, or other
    state TEXT NOT NULL,                           -- open taken answered done
    order_id TEXT NOT NULL, sub_id TEXT NOT NULL, case_id BIGINT NOT NULL,
    buyer TEXT NOT NULL, conversation_id BIGINT NOT NULL,
    text BYTEA NOT NULL, answer BYTEA NOT NULL,    -- sealed: what is to be done; what the team said
    asked_by BIGINT NOT NULL, taken_by BIGINT NOT NULL, -- people; 0: nobody, or not yet
    due_ms BIGINT NOT NULL,                        -- of the first answer
    created_ms BIGINT NOT NULL, taken_ms BIGINT NOT NULL, answered_ms BIGINT NOT NULL, done_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,                       -- events so far
    PRIMARY KEY (tenant_id, work_order_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX work_order_number ON work_order (tenant_id, day, number);
CREATE INDEX work_order_state ON work_order (tenant_id, state, due_ms);
CREATE INDEX work_order_order ON work_order (tenant_id, order_id, work_order_id);

CREATE TABLE work_order_event (
    tenant_id BIGINT NOT NULL, work_order_id BIGINT NOT NULL, seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL, event TEXT NOT NULL,    -- opened take answer comment done
    person_id BIGINT NOT NULL, text BYTEA NOT NULL, -- sealed
    PRIMARY KEY (tenant_id, work_order_id, seq)
) WITHOUT ROWID;

CREATE TABLE aftersale_evidence (                  -- photos and documents given for a case
    tenant_id BIGINT NOT NULL, case_id BIGINT NOT NULL, upload_id BIGINT NOT NULL,
    actor TEXT NOT NULL, at_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, case_id, upload_id)
) WITHOUT ROWID;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('action_log', 'action_log', '200000 200000 1'),
    ('action_log', 'action_log_key', '200000 200000 1'),
    ('action_log', 'action_log_order', '200000 200000 3 1'),
    ('action_log', 'action_log_buyer', '200000 200000 4 1'),
    ('action_log', 'action_log_time', '200000 200000 10000 1'),
    ('action_log', 'action_log_status', '200000 200000 40000 1'),
    ('work_order', 'work_order', '50000 50000 1'),
    ('work_order', 'work_order_number', '50000 50000 100 1'),
    ('work_order', 'work_order_state', '50000 50000 12000 1'),
    ('work_order', 'work_order_order', '50000 50000 2 1'),
    ('work_order_event', 'work_order_event', '150000 150000 3 1'),
    ('aftersale_evidence', 'aftersale_evidence', '50000 50000 3 1');
ANALYZE sqlite_schema;
