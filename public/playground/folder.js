/** The files of a drop or a paste, including those in folders. */

/** Limit of files, because the page holds them all. */
const MOST_FILES = 2000;

/** For files found in folders. Files that the user chooses individually are taken whatever their name. */
const PICTURE = /\.(jpe?g|png|webp|gif|bmp|dib|tiff?|ico|avif|hei[cf])$/i;

/**
 * @param {DataTransfer} data
 * @returns {Promise<File[]> | File[]} at once where there is no folder in it
 */
export function filesOf(data) {
  // The entries are available only in this turn of the event loop.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? undefined);
  if (!entries.some((entry) => entry?.isDirectory)) return [...data.files];
  return inFolders(entries);
}

/** @param {FileList | null} files of a chosen folder */
export function picturesOf(files) {
  return [...(files ?? [])].filter(({ name }) => isPicture(name)).slice(0, MOST_FILES);
}

/** @param {(FileSystemEntry | undefined)[]} entries */
async function inFolders(entries) {
  /** @type {File[]} */
  const files = [];
  const left = entries.filter((entry) => entry !== undefined);
  for (let entry = left.shift(); entry && files.length < MOST_FILES; entry = left.shift()) {
    if (isFolder(entry)) left.unshift(...(await allIn(entry)));
    else if (isFile(entry) && isPicture(entry.name)) files.push(await fileOf(entry));
  }
  return files;
}

/** @param {string} name */
const isPicture = (name) => PICTURE.test(name) && !name.startsWith('.');

/**
 * @param {FileSystemEntry} entry
 * @returns {entry is FileSystemDirectoryEntry}
 */
const isFolder = (entry) => entry.isDirectory;

/**
 * @param {FileSystemEntry} entry
 * @returns {entry is FileSystemFileEntry}
 */
const isFile = (entry) => entry.isFile;

/**
 * @param {FileSystemDirectoryEntry} folder
 * @returns {Promise<FileSystemEntry[]>}
 */
async function allIn(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  // Browsers return a hundred at a time, and none at the end.
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/**
 * @param {FileSystemFileEntry} entry
 * @returns {Promise<File>}
 */
const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));
