-- 0011 shops' own systems: how one is reached, what was read from it, and what was asked of it.

CREATE TABLE shop_system (
    tenant_id BIGINT NOT NULL,
    kind TEXT NOT NULL,                            -- http vendure; a shop without a row is built in
    url TEXT NOT NULL,
    private_ok BIGINT NOT NULL,                    -- 1: the operator named an address inside of a private network
    secret BYTEA NOT NULL,                         -- sealed; signs both ways
    old_secret BYTEA, old_until_ms BIGINT NOT NULL, -- sealed: the one before, good until then
    actions TEXT NOT NULL,                         -- JSON array: what it says that it can do; '': it was not asked yet
    orders_cursor TEXT NOT NULL, products_cursor TEXT NOT NULL, -- of the pull: where it goes on
    pull_ms BIGINT NOT NULL,                       -- next pull
    pulled_ms BIGINT NOT NULL,                     -- last one that worked; 0: none yet
    checked_ms BIGINT NOT NULL, error TEXT NOT NULL, -- last pull or check, and what was wrong with it; '': nothing
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id)
) WITHOUT ROWID;
CREATE INDEX shop_system_pull ON shop_system (pull_ms);

CREATE TABLE shop_webhook (                        -- ids of messages taken: a second one of the same id does nothing
    tenant_id BIGINT NOT NULL, webhook_id TEXT NOT NULL, at_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, webhook_id)
) WITHOUT ROWID;
CREATE INDEX shop_webhook_time ON shop_webhook (tenant_id, at_ms);

CREATE TABLE shop_version (                        -- the version of what was taken: an older one does nothing
    tenant_id BIGINT NOT NULL, kind TEXT NOT NULL, -- order product
    object_id TEXT NOT NULL, version BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, kind, object_id)
) WITHOUT ROWID;

CREATE TABLE shop_wish (                           -- what was handed on. Kept for ever
    tenant_id BIGINT NOT NULL, wish_id BIGINT NOT NULL, -- of an action: its log row's id
    wish_key TEXT NOT NULL,                        -- the shop does it once under it
    action TEXT NOT NULL,                          -- trade/action.h, or payment.refund
    order_id TEXT NOT NULL, case_id BIGINT NOT NULL, -- case: of a payment
    buyer TEXT NOT NULL, conversation_id BIGINT NOT NULL,
    state TEXT NOT NULL,                           -- waiting done refused given_up
    code TEXT NOT NULL, reason TEXT NOT NULL,      -- why the shop did not: for programs, in its words
    reference TEXT NOT NULL,                       -- the shop's number of it
    ticket TEXT NOT NULL,                          -- number of the work order that people got
    asked_ms BIGINT NOT NULL, settled_ms BIGINT NOT NULL, -- 0: not yet
    tell_ms BIGINT,                                -- when the buyer is to hear of it next; NULL: heard all
    told BIGINT NOT NULL,                          -- how often the buyer has heard
    PRIMARY KEY (tenant_id, wish_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX shop_wish_key ON shop_wish (tenant_id, wish_key);
CREATE INDEX shop_wish_order ON shop_wish (tenant_id, order_id, wish_id);
CREATE INDEX shop_wish_case ON shop_wish (tenant_id, case_id, wish_id) WHERE case_id <> 0;
CREATE INDEX shop_wish_tell ON shop_wish (tell_ms) WHERE tell_ms IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('shop_system', 'shop_system', '500 1'),
    ('shop_system', 'shop_system_pull', '500 1'),
    ('shop_webhook', 'shop_webhook', '100000 100000 1'),
    ('shop_webhook', 'shop_webhook_time', '100000 100000 1'),
    ('shop_version', 'shop_version', '1000000 1000000 500000 1'),
    ('shop_wish', 'shop_wish', '50000 50000 1'),
    ('shop_wish', 'shop_wish_key', '50000 50000 1'),
    ('shop_wish', 'shop_wish_order', '50000 50000 2 1'),
    ('shop_wish', 'shop_wish_case', '20000 20000 1 1'),
    ('shop_wish', 'shop_wish_tell', '100 1');
ANALYZE sqlite_schema;
