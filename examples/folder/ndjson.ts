/** JSON, a line for each picture: the service's answer or error, and the file. */
import type { Outcome } from './outcome.ts';
import type { Format } from './results.ts';

export const ndjson: Format = {
  head: '',

  line(outcome: Outcome) {
    const { file, ...rest } = 'answer' in outcome ? { file: outcome.file, ...outcome.answer } : outcome;
    return `${JSON.stringify({ file, ...rest })}\n`;
  },

  known(text) {
    return text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const value: unknown = JSON.parse(line);
        if (typeof value !== 'object' || value === null || !('file' in value)) {
          throw new Error('It holds other lines than this program writes. Name another file.');
        }
        const { file, tags }: { file: unknown; tags?: unknown } = value;
        return { file: String(file), tags: Array.isArray(tags) ? tags.map(nameOf) : undefined };
      });
  },
};

function nameOf(tag: unknown): string {
  return typeof tag === 'object' && tag !== null && 'name' in tag ? String(tag.name) : '';
}
