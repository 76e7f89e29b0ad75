/**
 * The classification extension: the highest values of an output as texts `<value>:<index>[:<label>]`.
 *
 * The extension's `<index>` is the index in the model's output tensor. There are 1001 logits, so it is the ILSVRC-2012
 * index plus one, and background, which the native API never lists, is index 0 under its own name. Values are those of
 * the output, with six decimals as Triton writes them. The embedding's elements are not classes and have no label.
 */
import type { Output } from './models.ts';

/**
 * @param values one row of the output.
 * @param count how many to list, at most as many as there are.
 * @returns highest first; equal values in index order.
 */
export function classifications({ placeName }: Output, values: Float32Array, count: number): string[] {
  return Array.from(values, (value, index) => ({ value, index, label: placeName?.(index) }))
    .sort((a, b) => b.value - a.value || a.index - b.index)
    .slice(0, count)
    .map(
      ({ value, index, label }) => `${value.toFixed(6)}:${index}${label === undefined ? '' : `:${label}`}`,
    );
}
