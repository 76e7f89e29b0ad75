/** The files of a folder sorted by path, from any of them on, without listing folders that are not needed. */

/** What workerd reports of a folder's entries. */
interface Entry {
  readonly name: string;
  readonly type: string;
}

export interface Range {
  /** Only paths with this prefix. */
  readonly prefix: string;
  /** Only paths after this one. */
  readonly after: string;
}

/** Lists a folder by its path from the root, which ends in `/` or is empty. @returns undefined if there is none. */
export type ListFolder = (folder: string) => Promise<readonly Entry[] | undefined>;

/**
 * @returns paths with `/`. Files whose names begin with a dot are left out, and so are links, because their targets are
 *   elsewhere.
 */
export async function* filesOf(
  list: ListFolder,
  range: Range,
  folder = '',
): AsyncGenerator<string, void, void> {
  const { prefix, after } = range;
  const entries = (await list(folder)) ?? [];
  const paths = entries
    .filter(({ name }) => !name.startsWith('.') && name.isWellFormed())
    .flatMap(({ name, type }) =>
      type === 'file' ? [folder + name] : type === 'directory' ? [`${folder + name}/`] : [],
    )
    // With its `/`, a folder sorts where its contents do.
    .sort((one, other) => (one < other ? -1 : 1));
  for (const path of paths) {
    if (!path.endsWith('/')) {
      if (path.startsWith(prefix) && path > after) yield path;
    } else if (
      (path.startsWith(prefix) || prefix.startsWith(path)) &&
      (path > after || after.startsWith(path))
    ) {
      yield* filesOf(list, range, path);
    }
  }
}
