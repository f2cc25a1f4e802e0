-- The first schema. Types are those that both SQLite and PostgreSQL read (BIGINT, TEXT, BYTEA); times are ms UTC.
-- tenant_id leads every key: a row without a tenant cannot be stored.

CREATE TABLE shop (
    tenant_id      BIGINT NOT NULL PRIMARY KEY,
    shop_id        TEXT   NOT NULL UNIQUE,         -- the merchant's own id, as imported
    name           TEXT   NOT NULL,
    language       TEXT   NOT NULL,
    currency       TEXT   NOT NULL,
    time_zone      TEXT   NOT NULL,
    self_operated  BIGINT NOT NULL,
    settings       TEXT   NOT NULL,                -- JSON: hours, greeting, faq, theme, ship_promise, …
    secret         BYTEA  NOT NULL,                -- signs its buyers' JWT (HS256); sealed
    catalog        BIGINT NOT NULL,                -- rises with every import of products, knowledge, utterances: caches ask it
    orders         BIGINT NOT NULL,                -- rises with every import or change of orders: caches ask it
    created_ms     BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE person (
    tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL,
    external_id TEXT NOT NULL, name TEXT NOT NULL, alias TEXT NOT NULL,
    roles TEXT NOT NULL,                           -- JSON array of role names
    languages TEXT NOT NULL,                       -- JSON array
    time_zone TEXT NOT NULL, concurrency BIGINT NOT NULL,
    sign_in TEXT, password_hash TEXT, must_change BIGINT NOT NULL,
    failed_count BIGINT NOT NULL, locked_until_ms BIGINT NOT NULL,
    invite_hash BYTEA, invite_until_ms BIGINT,
    status TEXT NOT NULL, status_ms BIGINT NOT NULL,       -- online busy break offline, and since when
    gone_ms BIGINT NOT NULL,                       -- last live socket lost at; 0 while connected
    free_ms BIGINT NOT NULL,                       -- last time that a slot came free: the longest idle is next
    PRIMARY KEY (tenant_id, person_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX person_external ON person (tenant_id, external_id);
CREATE UNIQUE INDEX person_sign_in ON person (tenant_id, sign_in) WHERE sign_in IS NOT NULL;
CREATE UNIQUE INDEX person_invite ON person (invite_hash) WHERE invite_hash IS NOT NULL;

CREATE TABLE person_skill (
    tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL, skill TEXT NOT NULL, level BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, person_id, skill)
) WITHOUT ROWID;

CREATE TABLE session (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL, created_ms BIGINT NOT NULL, expires_ms BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE contact (
    tenant_id BIGINT NOT NULL, contact_id BIGINT NOT NULL,
    buyer TEXT,                                    -- the merchant's buyer id, proven by its JWT; NULL: a guest
    name TEXT NOT NULL, language TEXT NOT NULL, first_ms BIGINT NOT NULL,
    last_agent_id BIGINT, last_agent_ms BIGINT,    -- who served last, for "last agent within 72 h first"
    PRIMARY KEY (tenant_id, contact_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX contact_buyer ON contact (tenant_id, buyer) WHERE buyer IS NOT NULL;

CREATE TABLE conversation (
    tenant_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, contact_id BIGINT NOT NULL,
    channel TEXT NOT NULL, language TEXT NOT NULL,
    handler TEXT NOT NULL,                         -- bot queue agent closed: exactly one
    agent_id BIGINT,                               -- set exactly when handler = 'agent'
    skill TEXT NOT NULL,                           -- the group that it waits for or is with; '' with the bot
    seq BIGINT NOT NULL,                           -- last message's seq: 1..seq are there without a gap
    version BIGINT NOT NULL,                       -- rises with every change: the guard of what was decided outside
    opened_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL,
    queued_ms BIGINT,                              -- since when it waits; kept by transfers and returns (seniority)
    assigned_ms BIGINT, closed_ms BIGINT,
    front BIGINT NOT NULL,                         -- 1: returned from an agent that vanished: before all others
    urgent BIGINT NOT NULL,                        -- 1: high-risk intent: before the ordinary
    waiting_ms BIGINT,                             -- first buyer message that no person has answered
    unread BIGINT NOT NULL,                        -- buyer messages after agent_read
    agent_read BIGINT NOT NULL, buyer_read BIGINT NOT NULL,
    topic TEXT NOT NULL,                           -- last intent
    category TEXT NOT NULL,                        -- given when resolved
    needs_person BIGINT NOT NULL,
    bot_state TEXT NOT NULL,                       -- JSON, bot/state.h
    bot_version TEXT NOT NULL,
    entry TEXT NOT NULL,                           -- JSON {page, product, order}
    last_author TEXT NOT NULL, last_text TEXT NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id)
) WITHOUT ROWID;
CREATE INDEX conversation_contact ON conversation (tenant_id, contact_id, conversation_id);
CREATE INDEX conversation_handler ON conversation (tenant_id, handler, conversation_id);
CREATE INDEX conversation_queue ON conversation (tenant_id, skill, front, urgent, queued_ms) WHERE handler = 'queue';
CREATE INDEX conversation_agent ON conversation (tenant_id, agent_id) WHERE handler = 'agent';

CREATE TABLE message (
    tenant_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, seq BIGINT NOT NULL,
    author_kind TEXT NOT NULL,                     -- buyer bot agent system
    author_id BIGINT NOT NULL,                     -- contact or person; 0 for bot and system
    kind TEXT NOT NULL, text TEXT NOT NULL,
    data TEXT,                                     -- JSON of the kind (chat/message.h)
    client_id TEXT, at_ms BIGINT NOT NULL,
    decision TEXT,                                 -- JSON: why the bot's turn that ends here is as it is; for replay
    PRIMARY KEY (tenant_id, conversation_id, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX message_client ON message (tenant_id, conversation_id, author_id, client_id)
    WHERE client_id IS NOT NULL;

CREATE TABLE decision (                            -- what moved a conversation, from what, and why: for people and for replay
    tenant_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, seq BIGINT NOT NULL,
    kind TEXT NOT NULL,                            -- turn route return callback
    at_ms BIGINT NOT NULL, input TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id, seq, kind)
) WITHOUT ROWID;

CREATE TABLE timer (
    tenant_id BIGINT NOT NULL, timer_id BIGINT NOT NULL, kind TEXT NOT NULL, due_ms BIGINT NOT NULL,
    subject_id BIGINT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (tenant_id, timer_id)
) WITHOUT ROWID;
CREATE INDEX timer_due ON timer (due_ms);
CREATE UNIQUE INDEX timer_subject ON timer (tenant_id, kind, subject_id);

CREATE TABLE rating (
    tenant_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, contact_id BIGINT NOT NULL,
    agent_id BIGINT, bot_version TEXT,             -- exactly one of the two
    stars BIGINT NOT NULL, solved BIGINT, tags TEXT NOT NULL, text TEXT NOT NULL,
    first_ms BIGINT NOT NULL, at_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id)
) WITHOUT ROWID;

CREATE TABLE feedback (                            -- thumbs on one bot message
    tenant_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, seq BIGINT NOT NULL,
    helpful BIGINT NOT NULL, reason TEXT NOT NULL, at_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id, seq)
) WITHOUT ROWID;

CREATE TABLE knowledge (
    tenant_id BIGINT NOT NULL, knowledge_id TEXT NOT NULL, layer TEXT NOT NULL, question TEXT NOT NULL,
    similar TEXT NOT NULL,                         -- JSON array; "similar" is no keyword in SQLite
    answer TEXT NOT NULL, conditions TEXT NOT NULL, -- JSON object
    valid_from_ms BIGINT, valid_to_ms BIGINT, overrides BIGINT NOT NULL,
    version BIGINT NOT NULL, changed_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, knowledge_id)
) WITHOUT ROWID;

CREATE TABLE gap (                                 -- what was asked and not known
    tenant_id BIGINT NOT NULL, gap_key TEXT NOT NULL, -- normalised text
    text TEXT NOT NULL, language TEXT NOT NULL, intent TEXT NOT NULL, about TEXT NOT NULL,
    asked BIGINT NOT NULL, first_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL, conversation_id BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, gap_key)
) WITHOUT ROWID;

CREATE TABLE utterance (
    tenant_id BIGINT NOT NULL, text TEXT NOT NULL, intent TEXT NOT NULL,
    PRIMARY KEY (tenant_id, text)
) WITHOUT ROWID;

CREATE TABLE product (
    tenant_id BIGINT NOT NULL, product_id TEXT NOT NULL, title TEXT NOT NULL, category TEXT NOT NULL,
    price_cents BIGINT NOT NULL, body TEXT NOT NULL, -- the import shape, JSON
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, product_id)
) WITHOUT ROWID;

CREATE TABLE shop_order (
    tenant_id BIGINT NOT NULL, order_id TEXT NOT NULL, buyer TEXT NOT NULL, status TEXT NOT NULL,
    created_ms BIGINT NOT NULL, paid_ms BIGINT, shipped_ms BIGINT, last_event_ms BIGINT,
    body TEXT NOT NULL,                            -- the import shape without the address, JSON
    address BYTEA,                                 -- sealed JSON
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, order_id)
) WITHOUT ROWID;
CREATE INDEX shop_order_buyer ON shop_order (tenant_id, buyer, created_ms);

CREATE TABLE policy (
    tenant_id BIGINT NOT NULL,                     -- 0: the platform's
    policy_key TEXT NOT NULL, scope TEXT NOT NULL, from_ms BIGINT NOT NULL, to_ms BIGINT, value TEXT NOT NULL,
    PRIMARY KEY (tenant_id, policy_key, scope, from_ms)
) WITHOUT ROWID;

CREATE TABLE canned (
    tenant_id BIGINT NOT NULL, canned_id BIGINT NOT NULL, person_id BIGINT NOT NULL, -- 0: the shop's
    team TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (tenant_id, canned_id)
) WITHOUT ROWID;

CREATE TABLE idempotency (                         -- answers of writes, kept with their key
    tenant_id BIGINT NOT NULL, actor TEXT NOT NULL, idempotency_key TEXT NOT NULL,
    request_hash BYTEA NOT NULL, status BIGINT NOT NULL, body TEXT NOT NULL, at_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, actor, idempotency_key)
) WITHOUT ROWID;

CREATE TABLE audit (
    tenant_id BIGINT NOT NULL, audit_id BIGINT NOT NULL, at_ms BIGINT NOT NULL,
    actor TEXT NOT NULL, what TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL,
    PRIMARY KEY (tenant_id, audit_id)
) WITHOUT ROWID;

CREATE TABLE meta (                                -- of the installation, not of a shop
    key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL
) WITHOUT ROWID;
