/** The 1000 ILSVRC-2012 classes that predictions name. Built by the pipeline in `model/`. */
import table from '../../model/labels.json';

export interface Label {
  /** ILSVRC-2012 index, 0–999. */
  readonly index: number;
  /** WordNet id of the class, as `n02123045`. */
  readonly synset: string;
  /** First name of the synset, made unique among the 1000 by a qualifier in parentheses where it is not. */
  readonly label: string;
  /** All names of the synset. */
  readonly names: readonly string[];
}

export const LABELS: readonly Label[] = table;

/** @throws RangeError outside 0–999. */
export function labelAt(index: number): Label {
  const label = LABELS[index];
  if (label === undefined) throw new RangeError(`no class ${index}: indices go from 0 to 999`);
  return label;
}
