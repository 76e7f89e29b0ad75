/**
 * Whether the platform sends a fetch as if from anywhere on the internet.
 *
 * Without the compatibility flag `global_fetch_strictly_public`, a fetch to a host of the Worker's own zone bypasses
 * Cloudflare's proxy and goes straight to the origin, which may be private.
 */
export function fetchIsStrictlyPublic(
  flags: Readonly<Record<string, boolean>> = Cloudflare.compatibilityFlags,
): boolean {
  return flags.global_fetch_strictly_public === true;
}
