/** The 1000 ILSVRC-2012 classes. Built by the pipeline in `model/`. */
import * as z from 'zod';
import table from '../../model/labels.json';
import { groupOfClass } from './taxonomy.ts';

export const labelSchema = z.lazy(() =>
  z
    .object({
      index: z.int().min(0).max(999).describe('ILSVRC-2012 index.'),
      synset: z.string().describe('WordNet id of the class, as `n02123045`.'),
      label: z
        .string()
        .describe('First name of the synset, made unique by a qualifier in parentheses where needed.'),
      names: z.array(z.string()).readonly().describe('All names of the synset.'),
      group: z.string().describe('Id of the group that the class is in, as `/v1/groups` lists them.'),
    })
    .readonly()
    .meta({ id: 'Label', examples: [{ ...table[281], group: groupOfClass(281).id }] }),
);

export type Label = z.infer<typeof labelSchema>;

export const LABELS: readonly Label[] = table.map((row) => ({ ...row, group: groupOfClass(row.index).id }));

/** @throws RangeError outside 0–999. */
export function labelAt(index: number): Label {
  const label = LABELS[index];
  if (label === undefined) throw new RangeError(`no class ${index}: indices go from 0 to 999`);
  return label;
}
