/**
 * Sorts pictures into folders by their tags: `animal/dog/setter`. A picture is linked there, or copied if the file
 * system has no links or is another one. Existing files are never changed; a picture that is there already, byte for
 * byte, is not added again.
 */
import { constants } from 'node:fs';
import { copyFile, link, mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** For pictures without a tag other than `object`. */
const UNTAGGED = 'untagged';
const ROOF = 'object';

/** Pictures of different folders may have the same name; a number distinguishes them. */
const MOST_OF_A_NAME = 10_000;

/** Error codes of file systems without links, without links to this place, or with no more of them. */
const NO_LINK = ['EXDEV', 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EACCES'];

/**
 * Puts a picture into the folder of its tags. Repeating it does nothing.
 *
 * @param picture path of the picture.
 * @param into the root of the folders, which need not exist.
 * @param tags general to specific.
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

/** @returns false if something else has the name already. */
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

/** Whether both are the same file, or have the same bytes. */
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
