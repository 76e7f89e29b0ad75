/** Scores of groups, summed here from those of classes, to compare the Worker's own tags with. */
import type { Classification, Group, Label } from '../../client/answers.ts';

/** A class or a group, with the names of its groups, from general to specific, and itself last. */
export interface Node {
  readonly name: string;
  readonly path: readonly string[];
}

export interface Tree {
  /** By name; names are unique among classes and groups. */
  readonly nodes: ReadonlyMap<string, Node>;
  readonly groups: readonly Group[];
  /** The class of each synset. */
  readonly classOf: ReadonlyMap<string, string>;
}

export interface Tables {
  readonly labels: readonly Label[];
  readonly groups: readonly Group[];
}

export function treeOf({ labels, groups }: Tables): Tree {
  const byId = new Map<string, Node>();
  const nodes = new Map<string, Node>();
  // Each group comes after its parent.
  for (const { id, name, parent } of groups) {
    const node = { name, path: [...(byId.get(parent ?? '')?.path ?? []), name] };
    byId.set(id, node);
    nodes.set(name, node);
  }
  for (const { label, group } of labels) {
    nodes.set(label, { name: label, path: [...(byId.get(group)?.path ?? []), label] });
  }
  return { nodes, groups, classOf: new Map(labels.map(({ synset, label }) => [synset, label])) };
}

/** The score of every class and every group; a group's is the sum of its classes'. */
export function scoresOf({ predictions }: Classification, { nodes }: Tree): ReadonlyMap<string, number> {
  const scores = new Map<string, number>();
  for (const { label, score } of predictions) {
    for (const name of nodes.get(label)?.path ?? []) scores.set(name, (scores.get(name) ?? 0) + score);
  }
  return scores;
}

/** The likeliest path from the top, for as long as each step scores enough. */
export function pathDown(scores: ReadonlyMap<string, number>, tree: Tree, least: number): readonly string[] {
  const likely = [...scores].filter(([, score]) => score >= least).map(([name]) => tree.nodes.get(name));
  const deepest = likely.reduce(
    (deep, node) => ((node?.path.length ?? 0) > (deep?.path.length ?? 0) ? node : deep),
    undefined,
  );
  return deepest?.path ?? [];
}

/** The node of a path on a level; a class without a group on that level stands for itself. */
export function onLevel(path: readonly string[], level: number): string | undefined {
  return path[Math.min(level, path.length) - 1];
}
