/** The list of scripts in CONTRIBUTING.md must agree with package.json. */
import { expect, it } from 'vitest';
import contributing from '../CONTRIBUTING.md?raw';
import { scripts } from '../package.json';

it('lists every script, in the order of package.json, and no other', () => {
  const table = contributing.slice(contributing.indexOf('| script |'));
  const listed = [...table.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name);
  expect(listed).toEqual(Object.keys(scripts));
});
