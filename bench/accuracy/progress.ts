import { Presets, SingleBar } from 'cli-progress';

/** Runs `task` on each item, some at a time, and keeps the order. Shows a bar on a terminal and nothing elsewhere. */
export async function mapWithProgress<Item, Result>(
  title: string,
  items: readonly Item[],
  concurrency: number,
  task: (item: Item) => Promise<Result>,
): Promise<{ results: Result[]; seconds: number }> {
  const format = `${title} {bar} {value}/{total}, {eta_formatted} to go`;
  const bar = new SingleBar({ format, clearOnComplete: true, hideCursor: true }, Presets.shades_classic);
  const results: Result[] = [];
  const queue = items.entries();
  const begin = performance.now();
  bar.start(items.length, 0);
  try {
    // One iterator feeds all workers, so each item is taken once.
    const worker = async () => {
      for (const [index, item] of queue) {
        results[index] = await task(item);
        bar.increment();
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  } finally {
    bar.stop();
  }
  return { results, seconds: (performance.now() - begin) / 1000 };
}
