/** The part of the page for own classes: classes, their pictures, and answers about new ones. */
import { announce } from '../announce.js';
import { tooLarge } from '../bounds.js';
import { found } from '../element.js';
import { counted } from '../quantities.js';
import { inTurn } from '../queue.js';
import { Refusal } from '../service.js';
import { ready } from '../thumbnail.js';
import { createColumn } from './column.js';
import { asked, keeperFor, sayNoPlace, sayPlace } from './place.js';
import { hideQuality, showQuality } from './quality.js';
import { openTrial } from './trial.js';
import { hideUse, showUse } from './use.js';

/** @typedef {import('./by-service.js').Keeper} Keeper */
/** @typedef {import('./column.js').Column} Column */

const list = found('columns', HTMLElement);

/** Delay of training after the last change, so that it does not run after each of many. */
const QUIET_MS = 700;

/**
 * @param {object} page
 * @param {() => string} page.key
 * @param {() => import('../service.js').Limits | undefined} page.limits
 * @param {() => boolean} page.shrinks
 * @param {(text: string) => void} page.tell
 * @param {(detail: string) => void} page.unauthorized
 */
export function openTeach(page) {
  /** In the order of the page. @type {Column[]} */
  let columns = [];
  /** @type {Keeper | undefined} */
  let keeper;
  /** Pictures that are being added, and other changes in progress. */
  let busy = 0;
  /** Changes that a classification waits for. @type {Set<Promise<void>>} */
  const changes = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let quiet;
  /** The key and the name with which the classes were opened. @type {string | undefined} */
  let openedFor;
  /** Resolves when it is known where the classes are kept. @type {Promise<void>} */
  let opening = Promise.resolve();
  /** Ends everything that belongs to the shown classes. */
  let life = new AbortController();

  const trial = openTrial({
    limits: page.limits,
    ready: (file) => ready(file, { shrinks: page.shrinks() }),
    ask: async (file, held, signal) => {
      await Promise.all(changes);
      const kept = keeper;
      if (!kept) throw new Refusal('Not yet', 'The classes are not open yet.');
      tooLarge(file, page.limits());
      return inTurn((turn) => kept.ask(file, turn), { signal, held });
    },
    labels: () => columns.map((column) => column.label()),
    isTaught: () => columns.some(({ ids }) => ids.size > 0),
    correct: async (file, label) => {
      const column = columns.find((one) => one.label() === label);
      if (column) await take([file], column);
    },
    picture: (id) => columns.flatMap((column) => column.tile(id) ?? [])[0],
    refused: ({ status, message }) => {
      if (status === 401) page.unauthorized(message);
    },
  });

  found('add-class', HTMLButtonElement).addEventListener('click', () => {
    const column = addColumn(freeName());
    column.title.focus();
    column.title.select();
  });
  found('forget-classes', HTMLButtonElement).addEventListener('click', forget);

  /** @param {string} label */
  function addColumn(label) {
    const column = createColumn(label, columns.length + 1, {
      files: (files) => take(files, column),
      renamed: (next) => rename(column, next),
      removed: (id) => remove(id, column),
      left: () => leave(column),
      failed: page.tell,
    });
    columns.push(column);
    list.append(column.element);
    trial.labelsChanged();
    return column;
  }

  function freeName() {
    for (let number = columns.length + 1; ; number++) {
      const name = `Class ${number}`;
      if (columns.every((column) => column.label() !== name)) return name;
    }
  }

  /**
   * @param {File[]} files
   * @param {Column} column
   */
  async function take(files, column) {
    await Promise.all(files.map((file) => add(file, column)));
  }

  /**
   * @param {File} file
   * @param {Column} column
   */
  async function add(file, column) {
    const tile = column.expect(file.name);
    busy++;
    try {
      await opening;
      const kept = keeper;
      if (!kept) throw new Refusal('Not now', 'It is not known who keeps the classes: see above.');
      const id = await inTurn(async (signal) => {
        const { sent, thumbnail } = await ready(file, { shrinks: page.shrinks() });
        if (thumbnail) tile.thumbnail = thumbnail;
        tooLarge(sent, page.limits());
        return kept.add(sent, column.label(), signal);
      }, life);
      // A picture belongs to one class: the one that it was given last.
      for (const other of columns) if (other !== column && other.ids.has(id)) other.drop(id);
      column.keep(id, tile);
      if (!columns.includes(column)) await kept.remove(id);
    } catch (error) {
      tile.element.remove();
      if (!life.signal.aborted) failed(error, column, file.name);
    } finally {
      busy--;
      changed();
    }
  }

  /**
   * @param {string} id
   * @param {Column} column
   */
  async function remove(id, column) {
    await attempt(column, async (kept) => {
      await kept.remove(id);
      const tile = column.drop(id);
      announce(`${tile?.name ?? 'The picture'} removed from ${column.label()}.`);
    });
  }

  /**
   * @param {string} id
   * @param {string} label
   */
  async function move(id, label) {
    const from = columns.find(({ ids }) => ids.has(id));
    const to = columns.find((column) => column.label() === label);
    if (!from || !to) return;
    await attempt(to, async (kept) => {
      await kept.relabel(id, label);
      const tile = from.drop(id);
      if (tile) to.keep(id, tile);
      else to.holds([id]);
      announce(`${tile?.name ?? 'The picture'} is in ${label} now.`);
    });
  }

  /**
   * @param {Column} column
   * @param {string} label
   */
  function rename(column, label) {
    if (columns.some((other) => other !== column && other.label() === label)) {
      column.fail(`There is a class called ${label}.`);
      return false;
    }
    attempt(column, async (kept) => {
      for (const id of column.ids) await kept.relabel(id, label);
    });
    setTimeout(trial.labelsChanged);
    return true;
  }

  /** @param {Column} column */
  async function leave(column) {
    const { size } = column.ids;
    if (size > 0 && !confirm(`Remove ${column.label()} with ${counted(size, 'picture')}?`)) return;
    await attempt(column, async (kept) => {
      for (const id of [...column.ids]) {
        await kept.remove(id);
        column.drop(id);
      }
      column.close();
      columns = columns.filter((other) => other !== column);
      trial.labelsChanged();
      announce(`${column.label()} removed.`);
      (columns.at(-1)?.title ?? found('add-class', HTMLButtonElement)).focus();
    });
  }

  async function forget() {
    const count = columns.reduce((sum, { ids }) => sum + ids.size, 0);
    if (!confirm(`Forget all classes with ${counted(count, 'picture')}? This cannot be undone.`)) return;
    const [first] = columns;
    if (!first) return;
    await attempt(first, async (kept) => {
      life.abort();
      await kept.forget();
      clear();
      announce('The classes are forgotten.');
      columns[0]?.title.focus();
    });
  }

  /**
   * @param {Column} column where a failure is shown
   * @param {(kept: Keeper) => Promise<void>} work
   */
  async function attempt(column, work) {
    if (!keeper) return;
    busy++;
    const change = work(keeper).catch((error) => failed(error, column));
    changes.add(change);
    try {
      await change;
    } finally {
      changes.delete(change);
      busy--;
      changed();
    }
  }

  /**
   * @param {unknown} error
   * @param {Column} column
   * @param {string} [name] of a file
   */
  function failed(error, column, name) {
    if (!(error instanceof Refusal)) throw error;
    column.fail(`${name ? `${name}: ` : ''}${error.title}. ${error.message}`);
    if (error.status === 401) page.unauthorized(error.message);
  }

  function changed() {
    const some = columns.some(({ ids }) => ids.size > 0);
    const needsKey = page.key() !== '' || page.limits()?.anonymous === false;
    if (keeper && some) showUse(keeper, needsKey);
    else hideUse();
    trial.labelsChanged();
    clearTimeout(quiet);
    if (busy > 0) return;
    if (!some) {
      hideQuality();
      for (const column of columns) column.isRight(undefined);
      return;
    }
    quiet = setTimeout(report, QUIET_MS);
  }

  async function report() {
    const kept = keeper;
    if (!kept) return;
    try {
      const found = await inTurn(() => kept.report(), life);
      if (kept !== keeper || busy > 0) return;
      for (const column of columns)
        column.isRight(found.labels.find(({ label }) => label === column.label())?.accuracy);
      showQuality(found, {
        picture: (id) => columns.flatMap((column) => column.tile(id) ?? [])[0],
        moved: move,
        removed: (id) => {
          const column = columns.find(({ ids }) => ids.has(id));
          if (column) remove(id, column);
        },
      });
    } catch (error) {
      if (life.signal.aborted) return;
      if (!(error instanceof Refusal)) throw error;
      page.tell(`${error.title}. ${error.message}`);
    }
  }

  /** Replaces what is shown by empty classes. */
  function clear() {
    life.abort();
    life = new AbortController();
    for (const column of columns) column.close();
    columns = [];
    trial.clear();
    addColumn('Class 1');
    addColumn('Class 2');
    changed();
  }

  /** @param {import('../service.js').Limits} limits */
  async function begin(limits) {
    keeper = undefined;
    clear();
    if (!limits.anonymous && page.key() === '')
      return sayNoPlace(
        'This deployment answers callers with a key: it goes under “Other ways and settings”.',
      );
    const { signal } = life;
    try {
      const { keeper: kept, isThere } = await keeperFor(limits, page.key);
      if (signal.aborted) return;
      keeper = kept;
      sayPlace(kept);
      if (isThere) await fill(kept);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Refusal)) throw error;
      openedFor = undefined;
      sayNoPlace(`${error.title}. ${error.message}`);
      if (error.status === 401) page.unauthorized(error.message);
    }
  }

  /** @param {Keeper} kept what was taught before: pictures of it are nowhere any more */
  async function fill(kept) {
    /** @type {Map<string, string[]>} */
    const byLabel = new Map();
    for (const { id, label } of await kept.items()) {
      if (label !== null) byLabel.set(label, [...(byLabel.get(label) ?? []), id]);
    }
    if (kept !== keeper || byLabel.size === 0) return;
    for (const column of columns) column.close();
    columns = [];
    for (const [label, ids] of byLabel) addColumn(label).holds(ids);
    changed();
  }

  clear();
  return {
    /** Called when the part is shown, its address names another collection, or the key has changed. */
    open() {
      const limits = page.limits();
      const wanted = `${page.key()} ${asked()}`;
      if (!limits || wanted === openedFor) return;
      // Classes in this tab are not given up for a name.
      if (keeper && !keeper.isStored && columns.some(({ ids }) => ids.size > 0)) return;
      openedFor = wanted;
      opening = begin(limits);
    },
    /**
     * @param {File[]} files
     * @param {Element | undefined} place that they fell on
     */
    take(files, place) {
      const column = columns.find(({ element }) => element === place);
      if (column) take(files, column);
      else if (files[0]) trial.look(files[0]);
    },
    /** Called when another part of the page is opened, or the page is hidden. */
    leave() {
      trial.stop();
      for (const column of columns) column.shut();
    },
  };
}
