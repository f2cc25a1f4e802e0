-- What leaves the house: the outbox, news that buyers were not told yet, and where a contact may be written to.

CREATE TABLE outbox (
    tenant_id BIGINT NOT NULL, outbox_id BIGINT NOT NULL,
    kind TEXT NOT NULL,                            -- mail sms shop
    outbox_key TEXT NOT NULL,                      -- once for ever: kept with the row when it was sent
    recipient BYTEA, body BYTEA,                   -- sealed; body NULL once it was sent or dropped
    subject TEXT NOT NULL,                         -- what it is about, for people: "case 12"
    state TEXT NOT NULL,                           -- waiting sent dead dropped
    due_ms BIGINT NOT NULL,                        -- next try; of what is leased, the end of the lease
    lease BIGINT NOT NULL,                         -- who sends it now; 0: nobody
    attempts BIGINT NOT NULL, error TEXT NOT NULL,
    report TEXT NOT NULL,                          -- what the peer said of it later
    created_ms BIGINT NOT NULL, began_ms BIGINT NOT NULL, settled_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, outbox_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX outbox_key ON outbox (tenant_id, outbox_key);
CREATE INDEX outbox_due ON outbox (kind, due_ms) WHERE state = 'waiting';
CREATE INDEX outbox_dead ON outbox (tenant_id) WHERE state = 'dead';
CREATE INDEX outbox_state ON outbox (tenant_id, state, outbox_id);

CREATE TABLE notice (                              -- news of a case or an action, until the buyer was told
    tenant_id BIGINT NOT NULL, notice_key TEXT NOT NULL, -- case/12/3 action/77
    case_id BIGINT NOT NULL, seq BIGINT NOT NULL,  -- the event of a case; 0: an action
    name TEXT NOT NULL, buyer TEXT NOT NULL, order_id TEXT NOT NULL, ticket TEXT NOT NULL,
    amount_cents BIGINT NOT NULL, due_ms BIGINT NOT NULL, answered BIGINT NOT NULL,
    try_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, notice_key)
) WITHOUT ROWID;
CREATE INDEX notice_due ON notice (try_ms);

ALTER TABLE contact ADD COLUMN email BYTEA;        -- sealed; NULL: none
ALTER TABLE contact ADD COLUMN mail_ok BIGINT NOT NULL DEFAULT 0; -- consent
ALTER TABLE contact ADD COLUMN sms_ok BIGINT NOT NULL DEFAULT 1;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('outbox', 'outbox', '1000000 1000000 1'),
    ('outbox', 'outbox_key', '1000000 1000000 1'),
    ('outbox', 'outbox_due', '1000 500 1'),
    ('outbox', 'outbox_dead', '100 100'),
    ('outbox', 'outbox_state', '1000000 1000000 500000 1'),
    ('notice', 'notice', '100 100 1'),
    ('notice', 'notice_due', '100 1');
ANALYZE sqlite_schema;
