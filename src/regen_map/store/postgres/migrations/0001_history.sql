-- What a folder keeps beside its files: contents, versions, proposals. Only regen-map writes here.
CREATE TABLE regen_map_history.content (
    sha256 text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes bytea NOT NULL
);
COMMENT ON TABLE regen_map_history.content IS
    'Contenuti di file, ciascuno una volta sola sotto il suo SHA-256.';

CREATE TABLE regen_map_history.version (
    number bigint PRIMARY KEY CHECK (number > 0),
    record bytea NOT NULL
);
COMMENT ON TABLE regen_map_history.version IS
    'Le versioni pubblicate: la scheda di ciascuna, con l''hash di quella che la precede.';

CREATE TABLE regen_map_history.proposal (
    id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{16}$'),
    record bytea NOT NULL
);
COMMENT ON TABLE regen_map_history.proposal IS
    'Modifiche proposte che nessuno ha ancora pubblicato.';

CREATE TABLE regen_map_history.retention (
    first bigint NOT NULL
);
COMMENT ON TABLE regen_map_history.retention IS
    'Da quale versione in poi si conservano i contenuti.';
INSERT INTO regen_map_history.retention VALUES (1);
