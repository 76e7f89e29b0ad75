/** The list of one owner's collections, in its own object: the collections themselves do not know each other. */
import { fail, ok, type Result } from '../failure.ts';

/** Stores a name before its collection is made, so that of two concurrent requests only one can take the last place. */
export function reserveName(sql: SqlStorage, name: string, limit: number): Result<undefined> {
  sql.exec('CREATE TABLE IF NOT EXISTS names (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID');
  const others = sql
    .exec<{ count: number }>('SELECT count(*) AS count FROM names WHERE name <> ?', name)
    .one();
  if (others.count >= limit && !names(sql).includes(name))
    return fail({ code: 'quota_reached', of: 'collections', limit });
  sql.exec('INSERT INTO names (name) VALUES (?) ON CONFLICT DO NOTHING', name);
  return ok(undefined);
}

export function listNames(sql: SqlStorage): readonly string[] {
  return hasList(sql) ? names(sql) : [];
}

export function dropName(sql: SqlStorage, name: string): void {
  if (hasList(sql)) sql.exec('DELETE FROM names WHERE name = ?', name);
}

function names(sql: SqlStorage): readonly string[] {
  return sql
    .exec<{ name: string }>('SELECT name FROM names ORDER BY name')
    .toArray()
    .map(({ name }) => name);
}

function hasList(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'names'").toArray().length > 0;
}
