import { describe, expect, it } from 'vitest';
import { createAllowance } from '../../src/image/ways/allowance.ts';

describe('what the pictures of a request may cost together', () => {
  it('is what those before have left', () => {
    const allowance = createAllowance(10);
    expect(allowance.picture().take(4)).toBeUndefined();
    const second = allowance.picture();
    expect(second.take(7)).toEqual({ code: 'batch_too_costly', units: 7, leftUnits: 6, limitUnits: 10 });
    // A refused picture takes nothing from the allowance.
    expect(second.take(6)).toBeUndefined();
    expect(allowance.picture().take(0.1)).toMatchObject({ leftUnits: 0 });
  });

  it('does not bound the first that costs anything, whose ways are bounded already', () => {
    const allowance = createAllowance(10);
    const refused = allowance.picture();
    expect(refused).toBeDefined();
    const first = allowance.picture();
    expect(first.take(20)).toBeUndefined();
    expect(first.take(20)).toBeUndefined();
    expect(allowance.picture().take(0.1)).toMatchObject({ code: 'batch_too_costly', leftUnits: 0 });
  });

  it('has pauses between pictures that take long', async () => {
    const allowance = createAllowance(1000);
    let others = 0;
    setTimeout(() => others++, 0);
    (await allowance.next()).take(0.5);
    (await allowance.next()).take(100);
    expect(others).toBe(0);
    await allowance.next();
    expect(others).toBe(1);
  });
});
