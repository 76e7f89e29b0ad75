/** The tables of a collection's database. A row has at most 2 MB on the platform; there is no such limit locally. */

/** Raised when a table changes. Older databases are migrated when they are read; newer ones are not touched. */
export const SCHEMA = 2;

/**
 * The stored bits of consecutive items, from position `first` to `last`. A row is never updated, only deleted and
 * written again under another `stamp`, so that a copy in memory can be distinguished from an outdated one.
 */
const BITS = `
CREATE TABLE bits (
  stamp INTEGER PRIMARY KEY AUTOINCREMENT,
  first INTEGER NOT NULL UNIQUE,
  last INTEGER NOT NULL UNIQUE,
  positions BLOB NOT NULL,
  bits BLOB NOT NULL
) STRICT;

CREATE TRIGGER bits_of_removed AFTER DELETE ON items BEGIN
  DELETE FROM bits WHERE stamp = (SELECT stamp FROM bits WHERE last >= OLD.position ORDER BY last LIMIT 1)
    AND first <= OLD.position;
END;

CREATE TRIGGER bits_of_replaced AFTER UPDATE OF vector ON items BEGIN
  DELETE FROM bits WHERE stamp = (SELECT stamp FROM bits WHERE last >= OLD.position ORDER BY last LIMIT 1)
    AND first <= OLD.position;
END;
`;

/** What the object of a collection with shards knows of each: the last report. */
const SHARDS = `
CREATE TABLE shards (
  number INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  items INTEGER NOT NULL,
  labelled INTEGER NOT NULL
) STRICT;
`;

const TABLES = `
CREATE TABLE collection (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  schema INTEGER NOT NULL,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  shared INTEGER NOT NULL,
  space TEXT NOT NULL,
  epoch TEXT NOT NULL,
  created INTEGER NOT NULL,
  version INTEGER NOT NULL,
  taught INTEGER NOT NULL,
  items INTEGER NOT NULL,
  labelled INTEGER NOT NULL,
  shards INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE items (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  label TEXT,
  metadata TEXT,
  vector BLOB NOT NULL,
  fingerprint BLOB,
  added INTEGER NOT NULL
) STRICT;
CREATE INDEX items_by_label ON items (label, position) WHERE label IS NOT NULL;

CREATE TABLE labels (label TEXT PRIMARY KEY, items INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE heads (
  version INTEGER NOT NULL,
  part INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (version, part)
) STRICT;

CREATE TRIGGER item_added AFTER INSERT ON items BEGIN
  UPDATE collection SET items = items + 1, labelled = labelled + (NEW.label IS NOT NULL);
  INSERT INTO labels (label, items) SELECT NEW.label, 1 WHERE NEW.label IS NOT NULL
    ON CONFLICT (label) DO UPDATE SET items = items + 1;
END;

CREATE TRIGGER item_removed AFTER DELETE ON items BEGIN
  UPDATE collection SET items = items - 1, labelled = labelled - (OLD.label IS NOT NULL);
  UPDATE labels SET items = items - 1 WHERE label = OLD.label;
  DELETE FROM labels WHERE label = OLD.label AND items = 0;
END;

CREATE TRIGGER item_relabelled AFTER UPDATE OF label ON items WHEN OLD.label IS NOT NEW.label BEGIN
  UPDATE collection SET labelled = labelled - (OLD.label IS NOT NULL) + (NEW.label IS NOT NULL);
  UPDATE labels SET items = items - 1 WHERE label = OLD.label;
  DELETE FROM labels WHERE label = OLD.label AND items = 0;
  INSERT INTO labels (label, items) SELECT NEW.label, 1 WHERE NEW.label IS NOT NULL
    ON CONFLICT (label) DO UPDATE SET items = items + 1;
END;
${BITS}${SHARDS}`;

/** By the schema that they migrate from. */
const UPGRADES: Readonly<Record<number, string>> = {
  1: `ALTER TABLE collection ADD COLUMN shards INTEGER NOT NULL DEFAULT 1;${BITS}${SHARDS}`,
};

/** Creates the tables. Nothing is written for a collection that was never made. */
export function createTables(sql: SqlStorage): void {
  sql.exec(TABLES);
}

/** Migrates the tables of an older version to this one. @param from its schema. */
export function upgradeTables(sql: SqlStorage, from: number): void {
  for (let schema = from; schema < SCHEMA; schema++) sql.exec(UPGRADES[schema] ?? '');
  sql.exec('UPDATE collection SET schema = ?', SCHEMA);
}

export function hasTables(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'collection'").toArray().length > 0;
}

/** A value that SQL takes: a view's own bytes, without the rest of its buffer. */
export function blob(view: Uint8Array | Int8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = view;
  return new Uint8Array(buffer, byteOffset, byteLength).slice().buffer;
}
