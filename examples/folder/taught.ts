/** The pictures of a folder of folders, and which of them a collection has already. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ClientCollection } from '../../client/client.ts';
import { picturesIn } from './pictures.ts';

export interface Example {
  /** Path below the folder, with `/`. */
  readonly file: string;
  /** Name of the folder that it is in; of nested folders, the outermost. */
  readonly label: string;
  /** Its id in the service: the SHA-256 of the file. */
  readonly id: string;
}

export interface Examples {
  readonly examples: readonly Example[];
  /** Why some files are left out. */
  readonly complaints: readonly string[];
}

/** @throws if there is nothing to add. */
export async function examplesIn(folder: string): Promise<Examples> {
  const byId = new Map<string, Example>();
  const complaints: string[] = [];
  for (const file of await picturesIn(folder)) {
    const [label = '', ...rest] = file.split('/');
    if (rest.length === 0) {
      complaints.push(`${file} is in no folder of its own, which would be its label`);
      continue;
    }
    const bytes = await readFile(path.join(folder, file));
    const id = createHash('sha256').update(bytes).digest('hex');
    const same = byId.get(id);
    if (same === undefined) byId.set(id, { file, label, id });
    else if (same.label !== label)
      complaints.push(`${file} is the same file as ${same.file}, under another label: it is left out`);
  }
  if (byId.size === 0) throw new Error(`${folder} has no folders with pictures. Make one for each label.`);
  return { examples: [...byId.values()], complaints };
}

/** Labels of the collection's items, by id. */
export async function labelsIn(collection: ClientCollection): Promise<Map<string, string | null>> {
  const labels = new Map<string, string | null>();
  let cursor: string | undefined;
  do {
    const page = await collection.items({ limit: 1000, ...(cursor !== undefined && { cursor }) });
    for (const { id, label } of page.items) labels.set(id, label);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return labels;
}
