-- The bot finishes the job: after-sale cases with their history and timers, the ledger of what is paid back, and where
-- each rule comes from.

ALTER TABLE policy ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE policy ADD COLUMN mark TEXT NOT NULL DEFAULT '';    -- L V V2 K D: how far the source is to be trusted
ALTER TABLE policy ADD COLUMN meaning TEXT NOT NULL DEFAULT '';

CREATE TABLE aftersale (                           -- "case" is a keyword of SQL
    tenant_id BIGINT NOT NULL, case_id BIGINT NOT NULL,
    order_id TEXT NOT NULL, sub_id TEXT NOT NULL,  -- the sub-order
    buyer TEXT NOT NULL,
    type TEXT NOT NULL, state TEXT NOT NULL,       -- trade/case.h
    goods TEXT NOT NULL,                           -- not_shipped not_received received
    reason TEXT NOT NULL, quantity BIGINT NOT NULL, -- pieces claimed for
    claimed_cents BIGINT NOT NULL,
    reserved_cents BIGINT NOT NULL,                -- on its way to the buyer
    refunded_cents BIGINT NOT NULL,                -- arrived: the sum of its committed ledger entries
    payments BIGINT NOT NULL,                      -- movements of money begun: part of their key
    pause TEXT NOT NULL,                           -- none evidence intervention
    due_ms BIGINT NOT NULL,                        -- when its timer ends; 0: closed
    remaining_ms BIGINT NOT NULL,                  -- left on the state's timer while it is paused
    evidence_asked BIGINT NOT NULL, reopened BIGINT NOT NULL,
    order_ms BIGINT NOT NULL,                      -- when the order was placed: the rules of that instant hold
    opened_ms BIGINT NOT NULL, sent_ms BIGINT NOT NULL, changed_ms BIGINT NOT NULL, closed_ms BIGINT NOT NULL,
    waybill TEXT NOT NULL,
    version BIGINT NOT NULL,                       -- events so far; the guard of what was decided outside
    PRIMARY KEY (tenant_id, case_id)
) WITHOUT ROWID;
CREATE INDEX aftersale_order ON aftersale (tenant_id, order_id, case_id);
CREATE INDEX aftersale_buyer ON aftersale (tenant_id, buyer, case_id);

CREATE TABLE aftersale_event (                     -- every transition, with who, why, and the rules it went by
    tenant_id BIGINT NOT NULL, case_id BIGINT NOT NULL, seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL, event TEXT NOT NULL,
    actor TEXT NOT NULL, actor_id BIGINT NOT NULL, -- what it is, and which person; 0: no person
    reason TEXT NOT NULL,
    from_state TEXT NOT NULL, to_state TEXT NOT NULL, pause TEXT NOT NULL, due_ms BIGINT NOT NULL,
    money TEXT NOT NULL, amount_cents BIGINT NOT NULL, -- none reserve commit void
    tell TEXT NOT NULL,                            -- who is to be told: "buyer,seller,staff"
    input TEXT NOT NULL,                           -- JSON: all that the step was given
    rules TEXT NOT NULL,                           -- JSON: the versions of the policies that it asked
    PRIMARY KEY (tenant_id, case_id, seq)
) WITHOUT ROWID;

CREATE TABLE ledger_entry (                        -- money on its way: reserved, then committed or void. Kept for ever
    tenant_id BIGINT NOT NULL, ledger_key TEXT NOT NULL,
    step TEXT NOT NULL,                            -- reserve commit void
    case_id BIGINT NOT NULL, order_id TEXT NOT NULL, sub_id TEXT NOT NULL,
    payer TEXT NOT NULL,                           -- escrow shop insurer
    amount_cents BIGINT NOT NULL, at_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, ledger_key, step)
) WITHOUT ROWID;
CREATE UNIQUE INDEX ledger_settled ON ledger_entry (tenant_id, ledger_key) WHERE step <> 'reserve';
CREATE INDEX ledger_order ON ledger_entry (tenant_id, order_id);
CREATE INDEX ledger_case ON ledger_entry (tenant_id, case_id);

-- Timers of several kinds lie in one table; who looks for its own that are due walks over nobody else's.
DROP INDEX timer_due;
CREATE INDEX timer_due ON timer (kind, due_ms);

DELETE FROM sqlite_stat1 WHERE idx = 'timer_due';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('timer', 'timer_due', '10000 5000 1'),
    ('aftersale', 'aftersale', '100000 100000 1'),
    ('aftersale', 'aftersale_order', '100000 100000 1 1'),
    ('aftersale', 'aftersale_buyer', '100000 100000 2 1'),
    ('aftersale_event', 'aftersale_event', '500000 500000 5 1'),
    ('ledger_entry', 'ledger_entry', '200000 200000 2 1'),
    ('ledger_entry', 'ledger_settled', '100000 100000 1'),
    ('ledger_entry', 'ledger_order', '200000 200000 2'),
    ('ledger_entry', 'ledger_case', '200000 200000 2');
ANALYZE sqlite_schema;
