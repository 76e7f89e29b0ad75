/**
 * What dependencies may do when they are installed: every package with an install script is named in `allowScripts` of
 * the package.json that brings it, as allowed or not, and SECURITY.md says what its script does. Everything is pinned.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from './toolchain.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, resolved?: string, link?: boolean, hasInstallScript?: boolean }} Entry
 * @typedef {object} Manifest
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, boolean>} [allowScripts]
 */

export async function checkDependencies() {
  const security = readFileSync(path.join(PROJECT, 'SECURITY.md'), 'utf8');
  const locked = filesNamed('package-lock.json', PROJECT).map((lockfile) => {
    const folder = path.dirname(lockfile);
    return report(path.relative(PROJECT, lockfile), [
      ...manifestProblems(json(path.join(folder, 'package.json'))),
      ...lockfileProblems(json(lockfile).packages, json(path.join(folder, 'package.json')), security),
    ]);
  });
  const required = filesNamed('requirements.txt', PROJECT).map((file) =>
    report(path.relative(PROJECT, file), requirementProblems(readFileSync(file, 'utf8'))),
  );
  const outcomes = [...locked, ...required];
  return {
    passed: outcomes.filter((sound) => sound).length,
    failed: outcomes.filter((sound) => !sound).length,
  };
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

/** @param {string} place as in a lockfile: `node_modules/a/node_modules/@b/c` */
function nameOf(place) {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** @param {string} text */
function requirementProblems(text) {
  return text
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

/** @param {string} file */
function json(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * @param {string} name
 * @param {string} folder
 * @returns {string[]}
 */
function filesNamed(name, folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : filesNamed(name, place);
    return entry.name === name ? [place] : [];
  });
}
