/** The tables of a collection's database. A row has at most 2 MB on the platform; locally nobody minds. */

/** Goes up when a table changes. Databases of older ones are to be brought up by `open`; newer ones are left alone. */
export const SCHEMA = 1;

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
  labelled INTEGER NOT NULL
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
`;

/** Makes the tables. Nothing is written for a collection that nobody has made. */
export function createTables(sql: SqlStorage): void {
  sql.exec(TABLES);
}

export function hasTables(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'collection'").toArray().length > 0;
}

/** A value that SQL takes: a view's own bytes, without the buffer around them. */
export function blob(view: Uint8Array | Int8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = view;
  return new Uint8Array(buffer, byteOffset, byteLength).slice().buffer;
}
