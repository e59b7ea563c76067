// @ts-check
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const template = fileURLToPath(new URL('./template/', import.meta.url));
const idPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Manifests of a package that stands alone, and what they are called there. */
const aloneNames = new Map([
  ['alone-package.json', 'package.json'],
  ['alone-tsconfig.json', 'tsconfig.json'],
]);

/**
 * Writes a new broker plugin: a library of the workspace, or with `isAlone` a package of its own.
 * Throws when the id is none, or the folder has something in it already.
 * @param {{ id: string, folder: string, isAlone: boolean }} options
 * @returns {Promise<string[]>} the files, relative to the folder
 */
export async function generateBroker({ id, folder, isAlone }) {
  if (!idPattern.test(id) || id.length > 32) {
    throw new Error(`the id was "${id}", needs lower case, digits and -, 32 signs at most`);
  }
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    throw new Error(`${folder} has something in it already`);
  }
  const words = wordsOf(id);
  const written = [];
  for (const source of await templateFiles()) {
    const name = targetOf(source, isAlone);
    if (name === undefined) continue;
    const text = filled(await readFile(join(template, source), 'utf8'), words);
    const target = filled(name, words);
    await mkdir(dirname(join(folder, target)), { recursive: true });
    await writeFile(join(folder, target), isAlone ? withExtensions(text) : text);
    written.push(target);
  }
  return written.sort();
}

async function templateFiles() {
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(template, join(entry.parentPath, entry.name)));
}

/**
 * @param {string} source
 * @param {boolean} isAlone
 */
function targetOf(source, isAlone) {
  const name = source.replace(/\.tmpl$/, '');
  const alone = aloneNames.get(name);
  if (alone !== undefined) return isAlone ? alone : undefined;
  return isAlone && name === 'package.json' ? undefined : name;
}

/**
 * `my-broker`: myBroker, MyBroker and MY_BROKER.
 * @param {string} id
 */
function wordsOf(id) {
  const Name = id.split('-').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
  const name = Name.charAt(0).toLowerCase() + Name.slice(1);
  return { id, Name, name, ID: id.toUpperCase().replaceAll('-', '_') };
}

/**
 * @param {string} text
 * @param {Readonly<Record<string, string>>} words
 */
function filled(text, words) {
  return text.replace(/\{\{(\w+)\}\}/g, (_whole, word) => words[word] ?? '');
}

/**
 * Outside of the workspace nothing bundles the files: Node needs the whole names.
 * @param {string} text
 */
function withExtensions(text) {
  return text.replace(/(from '\.[^']*)'/g, "$1.js'");
}
