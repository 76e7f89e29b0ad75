/**
 * Pictures in folders by their tags: `animal/dog/setter`. A picture is linked there, or copied where the file system
 * has no links or is another one. Nothing that is there already is touched; a picture that is there, byte for byte, is
 * not put there again.
 */
import { constants } from 'node:fs';
import { copyFile, link, mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** For pictures that have no tag but that they show an object. */
const UNTAGGED = 'untagged';
const ROOF = 'object';

/** Pictures of different folders may have one name; a number tells them apart. */
const MOST_OF_A_NAME = 10_000;

/** The file systems' ways to say that there are no links here, from here to there, or no more of them. */
const NO_LINK = ['EXDEV', 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EACCES'];

/**
 * Puts a picture into the folder of its tags. Done again, it does nothing.
 *
 * @param picture its path.
 * @param into the folder of all folders, which need not be there.
 * @param tags general to special.
 */
export async function sortPicture(picture: string, into: string, tags: readonly string[]): Promise<void> {
  const folders = tags.length === 0 || (tags.length === 1 && tags[0] === ROOF) ? [UNTAGGED] : tags;
  const folder = path.join(into, ...folders.map(folderName));
  await mkdir(folder, { recursive: true });
  const { name, ext } = path.parse(picture);
  for (let number = 1; number <= MOST_OF_A_NAME; number++) {
    const place = path.join(folder, number === 1 ? name + ext : `${name} (${number})${ext}`);
    if ((await linkOrCopy(picture, place)) || (await isSame(picture, place))) return;
  }
  throw new Error(`${folder} has ${MOST_OF_A_NAME} other pictures called ${name}${ext}`);
}

/** A tag comes from the service: nothing in it may lead to another folder, or be a name that Windows refuses. */
function folderName(tag: string): string {
  return tag.replace(/[^\p{L}\p{N} ()'-]/gu, '_').trim() || '_';
}

/** @returns false where something has the name already. */
async function linkOrCopy(picture: string, place: string): Promise<boolean> {
  try {
    await link(picture, place).catch((error: unknown) => {
      if (!NO_LINK.includes(codeOf(error))) throw error;
      return copyFile(picture, place, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Whether both are one file, or have the same bytes. */
async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other)]);
  if (a.ino === b.ino && a.dev === b.dev) return true;
  if (a.size !== b.size || !b.isFile()) return false;
  const [bytes, others] = await Promise.all([readFile(one), readFile(other)]);
  return bytes.equals(others);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
