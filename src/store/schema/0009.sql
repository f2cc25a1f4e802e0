-- Photos and documents that buyers sent: what they are, and which message shows them. The bytes are files, sealed, below
-- DATA/uploads (chat/upload_service.h).

CREATE TABLE upload (
    tenant_id BIGINT NOT NULL, upload_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,                    -- the buyer who sent it
    type TEXT NOT NULL,                            -- MIME
    bytes BIGINT NOT NULL, width BIGINT NOT NULL, height BIGINT NOT NULL, at_ms BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL, seq BIGINT NOT NULL, -- the first message that shows it; 0: none yet
    PRIMARY KEY (tenant_id, upload_id)
) WITHOUT ROWID;
CREATE INDEX upload_contact ON upload (tenant_id, contact_id, at_ms);
CREATE INDEX upload_loose ON upload (at_ms) WHERE conversation_id = 0;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('upload', 'upload', '100000 100000 1'),
    ('upload', 'upload_contact', '100000 100000 3 1'),
    ('upload', 'upload_loose', '1000 1');
ANALYZE sqlite_schema;
