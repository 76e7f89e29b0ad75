/** The files of a folder in the order of their paths, from any of them on, without listing what is not asked for. */

/** What workerd says of what is in a folder. */
interface Entry {
  readonly name: string;
  readonly type: string;
}

export interface Range {
  /** Only paths that begin so. */
  readonly prefix: string;
  /** Only paths that come after this one. */
  readonly after: string;
}

/** Lists a folder by its path from the root, which ends in `/` or is empty. @returns undefined where there is none. */
export type ListFolder = (folder: string) => Promise<readonly Entry[] | undefined>;

/**
 * @returns paths with `/` between their parts. Files whose names begin with a dot are left out, as are links: what they
 * lead to lies elsewhere.
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
    // With its `/`, a folder stands where all that is in it stands among the others.
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
