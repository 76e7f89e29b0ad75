/**
 * Changes wrangler.toml for a deployment: the Worker's name, and what must be unique in an account.
 *
 * The file is changed in place, so that later commands deploy the same.
 */
import { createHash } from 'node:crypto';

/** Cloudflare's rule for a Worker's name, which is also part of a host name. */
export const WORKER_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Nine digits at most, and no number that a person would choose. */
const NAMESPACES = 900_000_000;
const FIRST_NAMESPACE = 100_000_000;

/**
 * @param {string} toml
 * @returns {string} the Worker's name, the same in all environments
 */
export function workerName(toml) {
  const [, name] = /^name = "([^"]+)"$/m.exec(toml) ?? [];
  if (name === undefined) throw new Error('wrangler.toml has no name');
  return name;
}

/**
 * Two Workers of an account that name the same namespace count each other's callers, so namespaces are derived from the
 * name. With its present name, the file stays unchanged.
 *
 * @param {string} toml
 * @param {string} name the Worker's
 * @returns {string}
 */
export function named(toml, name) {
  const old = workerName(toml);
  if (old === name) return toml;
  return toml
    .replaceAll(`\nname = "${old}"\n`, `\nname = "${name}"\n`)
    .replace(new RegExp(`^name = "${old}"$`, 'm'), `name = "${name}"`)
    .replaceAll(
      /(\[\[(?:env\.\w+\.)?ratelimits\]\]\s+name = "(\w+)"\s+namespace_id = )"\d+"/g,
      (_, before, binding) => `${before}"${namespaceOf(name, binding)}"`,
    );
}

/**
 * @param {string} toml
 * @returns {string} with anonymous use allowed, in every environment
 */
export function opened(toml) {
  return toml.replaceAll(/\bALLOW_ANONYMOUS = "false"/g, 'ALLOW_ANONYMOUS = "true"');
}

/**
 * @param {string} name
 * @param {string} binding
 */
function namespaceOf(name, binding) {
  const hash = createHash('sha256').update(`${name}/${binding}`).digest();
  return FIRST_NAMESPACE + (hash.readUInt32BE() % NAMESPACES);
}
