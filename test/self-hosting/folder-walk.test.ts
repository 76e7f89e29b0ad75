/** The order of files, from any of them on, and that only requested folders are listed. */
import { describe, expect, it } from 'vitest';
import { filesOf, type ListFolder } from '../../src/self-hosting/folder-walk.ts';

/** Between a name and the same with "/" are "-", "." and others; after it are digits and letters. */
const FILES = ['a-b/x', 'a.b', 'a/b/c', 'a/b/d.e/f', 'a/b.c', 'a/b0', 'a0', 'b/%', 'b/é', 'z'];
const SORTED = [...FILES].sort();

const listed: string[] = [];

/** Entries as a file system returns them, in no order, including some that are not pictures. */
const list: ListFolder = async (folder) => {
  listed.push(folder);
  const inside = FILES.filter((file) => file.startsWith(folder)).map((file) => file.slice(folder.length));
  const names = [...new Set(inside.map((rest) => rest.split('/')[0] ?? ''))].reverse();
  const found = names.map((name) => ({
    name,
    type: inside.includes(name) ? 'file' : 'directory',
  }));
  const others = [
    { name: '.hidden', type: 'file' },
    { name: '.git', type: 'directory' },
    { name: 'link', type: 'symlink' },
    { name: 'pipe', type: 'namedPipe' },
  ];
  return inside.length === 0 ? undefined : [...found, ...others];
};

async function walk(prefix: string, after: string): Promise<string[]> {
  listed.length = 0;
  return Array.fromAsync(filesOf(list, { prefix, after }));
}

describe('the files of a folder', () => {
  it('come in the order of their paths', async () => {
    expect(await walk('', '')).toEqual(SORTED);
  });

  it.each([...SORTED, 'a/b/', 'a/b/c0', 'a/', '~', '0'])('come from any place on: %s', async (after) => {
    expect(await walk('', after)).toEqual(SORTED.filter((path) => path > after));
  });

  it.each(['a', 'a/', 'a/b', 'a/b/', 'a/b/c', 'b/', 'nowhere/', 'a/b/c/d'])(
    'come by the beginning of their paths: %s',
    async (prefix) => {
      expect(await walk(prefix, '')).toEqual(SORTED.filter((path) => path.startsWith(prefix)));
    },
  );

  it('are not looked for where none can be', async () => {
    await walk('a/b/', '');
    expect(listed).toEqual(['', 'a/', 'a/b/', 'a/b/d.e/']);
    await walk('', 'a/b/c');
    expect(listed).not.toContain('a-b/');
  });
});
