/**
 * Whether the platform sends a fetch out as from anywhere on the internet.
 *
 * Without the compatibility flag `global_fetch_strictly_public`, a fetch to a host of the Worker's own zone
 * goes past Cloudflare's front door straight to the origin, which may be a private one.
 */
export function fetchIsStrictlyPublic(
  flags: Readonly<Record<string, boolean>> = Cloudflare.compatibilityFlags,
): boolean {
  return flags.global_fetch_strictly_public === true;
}
