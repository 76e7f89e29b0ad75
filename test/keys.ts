/** Keys for tests, and the entries that a deployment stores of them. */

/** @returns the entry of API_KEYS. */
export async function stored(name: string, key: string): Promise<string> {
  const sha256 = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  return `${name}:${new Uint8Array(sha256).toHex()}`;
}

export function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}
