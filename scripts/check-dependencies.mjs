/**
 * What dependencies may do when they are installed. Every package with an install script must be listed in
 * `allowScripts` of the package.json that brings it, as allowed or not, and SECURITY.md must say what its script does.
 * Everything is pinned. `dependencies` lists what is part of a deployment and nothing else, because scanners look there
 * for what ships.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { files } from './files.mjs';
import { PROJECT } from './toolchain.mjs';
import { DECODERS, PAGE_FILES } from './vendor/shipped.mjs';
import { ORT_WASM } from './vendor/sources.mjs';

/** The part of our code that a deployment is bundled from. */
const BUNDLED = /^(src|client)\/.*\.ts$/;
/** The package of a static or dynamic import, unless it is the platform's or our own. */
const IMPORTED = /^(?:import|export)\b[^'"]*?from '([^.'][^']*)'|\bimport\('([^.'][^']*)'\)/gm;
const OF_THE_PLATFORM = /^(node|cloudflare):/;

/**
 * @typedef {{ version?: string, integrity?: string, resolved?: string, link?: boolean, hasInstallScript?: boolean }} Entry
 * @typedef {object} Manifest
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, boolean>} [allowScripts]
 */

export async function checkDependencies() {
  const security = text('SECURITY.md');
  const all = files();
  const locked = all.filter(isNamed('package-lock.json')).map((lockfile) => {
    const manifest = json(path.posix.join(path.posix.dirname(lockfile), 'package.json'));
    return report(lockfile, [
      ...manifestProblems(manifest),
      ...lockfileProblems(json(lockfile).packages, manifest, security),
    ]);
  });
  const required = all
    .filter(isNamed('requirements.txt'))
    .map((file) => report(file, requirementProblems(text(file))));
  const shipped = report('package.json', shippedProblems(all, json('package.json')));
  const outcomes = [...locked, ...required, shipped];
  return {
    passed: outcomes.filter((sound) => sound).length,
    failed: outcomes.filter((sound) => !sound).length,
  };
}

/** @param {string} name */
function isNamed(name) {
  return (/** @type {string} */ file) => path.posix.basename(file) === name;
}

/** @param {Manifest} manifest */
function manifestProblems({ dependencies, devDependencies }) {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} is ${version}: pin one version`);
}

/**
 * @param {Record<string, Entry>} packages
 * @param {Manifest} manifest
 * @param {string} security
 */
function lockfileProblems(packages, { allowScripts = {} }, security) {
  const installed = Object.entries(packages).filter(([place, { link }]) => place !== '' && !link);
  const scripted = new Set(
    installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => nameOf(place)),
  );
  return [
    ...installed.filter(([, { integrity }]) => !integrity).map(([place]) => `${place} has no integrity`),
    ...[...scripted]
      .filter((name) => !(name in allowScripts))
      .map((name) => `${name} has an install script: read it, and name the package in allowScripts`),
    ...Object.keys(allowScripts)
      .filter((name) => !scripted.has(name))
      .map((name) => `${name} is in allowScripts and has no install script`),
    ...[...scripted]
      .filter((name) => !security.includes(`\`${name}\``))
      .map((name) => `SECURITY.md does not say what the install script of ${name} does`),
  ];
}

/**
 * @param {readonly string[]} all the project's files
 * @param {Manifest} manifest
 */
function shippedProblems(all, { dependencies = {} }) {
  const imported = all
    .filter((file) => BUNDLED.test(file))
    .flatMap((file) => [...text(file).matchAll(IMPORTED)].map(([, from, at]) => from ?? at ?? ''))
    .filter((name) => !OF_THE_PLATFORM.test(name) && !name.startsWith('mobilenet-edge/'));
  const copied = [
    ...Object.keys(PAGE_FILES),
    ...Object.values(DECODERS).map(({ file }) => file),
    ORT_WASM.replace('node_modules/', ''),
  ];
  const shipped = new Set([...imported, ...copied].map(packageOf));
  return [
    ...[...shipped]
      .filter((name) => !(name in dependencies))
      .map((name) => `${name} is part of a deployment: name it under dependencies`),
    ...Object.keys(dependencies)
      .filter((name) => !shipped.has(name))
      .map((name) => `${name} is under dependencies and no part of a deployment`),
  ];
}

/** @param {string} path a module, or a file in a package */
function packageOf(path) {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}

/** @param {string} place as in a lockfile: `node_modules/a/node_modules/@b/c` */
function nameOf(place) {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** @param {string} lines */
function requirementProblems(lines) {
  return lines
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '' && !/^[\w.[\]-]+==[\w.]+$/.test(line))
    .map((line) => `${line}: pin one version with ==`);
}

/**
 * @param {string} file
 * @param {readonly string[]} problems
 */
function report(file, problems) {
  for (const problem of problems) console.log(`${file}: ${problem}`);
  if (problems.length === 0) console.log(`${file}: as listed`);
  return problems.length === 0;
}

/** @param {string} file below the project */
function json(file) {
  return JSON.parse(text(file));
}

/** @param {string} file below the project */
function text(file) {
  return readFileSync(path.join(PROJECT, file), 'utf8');
}
