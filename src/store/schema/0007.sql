-- A shop's own versions of task flows: its texts and conditions, and which flows it does not want. The shipped ones are in
-- packs/flows.

CREATE TABLE flow (
    tenant_id BIGINT NOT NULL, flow_id TEXT NOT NULL,
    number BIGINT NOT NULL,                        -- 1, 2, … of this flow in this shop
    state TEXT NOT NULL,                           -- draft live past; of each but past one at most
    doc TEXT NOT NULL,                             -- JSON (bot/flow_plan.h)
    person_id BIGINT NOT NULL,                     -- who wrote it
    created_ms BIGINT NOT NULL, changed_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, flow_id, number)
) WITHOUT ROWID;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('flow', 'flow', '2000 20 2 1');
ANALYZE sqlite_schema;
