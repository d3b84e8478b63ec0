-- The read model is in a file of its own; the first files had it here.
DROP TABLE IF EXISTS process_definition;
DROP TABLE IF EXISTS process_instance;
DROP TABLE IF EXISTS element_instance;
DROP TABLE IF EXISTS variable;
DROP TABLE IF EXISTS job;
DROP TABLE IF EXISTS incident;
DROP TABLE IF EXISTS message_subscription;
DROP TABLE IF EXISTS timer;
DROP TABLE IF EXISTS step_instance;
DROP TABLE IF EXISTS projection;

-- Which file of rows belongs to this one.
CREATE TABLE identity (id BLOB NOT NULL) STRICT;
INSERT INTO identity (id) VALUES (randomblob(16));
