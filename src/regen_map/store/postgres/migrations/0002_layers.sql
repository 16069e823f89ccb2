-- The tables that QGIS opens are made from the schema of the catalogue, after this file.
CREATE SCHEMA IF NOT EXISTS regen_map;

CREATE FUNCTION regen_map.refuse_direct_changes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('regen_map.publishing', true), '') <> 'on' THEN
        RAISE EXCEPTION 'Questa tabella si riscrive a ogni pubblicazione: si cambia pubblicando. / This table is written again by every publication: change it by publishing.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;

CREATE TABLE regen_map.versions (
    number bigint PRIMARY KEY,
    at timestamp with time zone NOT NULL,
    author text NOT NULL,
    message text NOT NULL,
    origin text NOT NULL
);

CREATE TABLE regen_map.terms (
    vocabulary text NOT NULL,
    term text NOT NULL,
    parent text NOT NULL,
    label_it text NOT NULL,
    label_en text NOT NULL,
    PRIMARY KEY (vocabulary, term, parent)
);
