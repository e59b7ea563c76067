// @ts-check
import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';

/** A log file is set aside at this size; one such older file is kept. */
const usualBytesMax = 10 * 1024 * 1024;

/** How many of the last lines are shown when a program dies. */
const tailLines = 20;

/** A program's output: to a file of limited size, with the last lines at hand. */
export class LogFile {
  #path;
  #file;
  #bytes;
  #bytesMax;
  #tail = '';

  /** @param {string} path @param {number} [bytesMax] */
  constructor(path, bytesMax = usualBytesMax) {
    this.#path = path;
    this.#bytesMax = bytesMax;
    this.#file = openSync(path, 'a');
    this.#bytes = statSync(path).size;
  }

  /** @param {Buffer} chunk */
  write(chunk) {
    if (this.#bytes > this.#bytesMax) this.#setAside();
    this.#bytes += writeSync(this.#file, chunk);
    this.#tail = (this.#tail + chunk).split('\n').slice(-tailLines - 1).join('\n');
  }

  /** The last lines written, as one text. */
  tail() {
    return this.#tail.trimEnd();
  }

  close() {
    closeSync(this.#file);
  }

  #setAside() {
    closeSync(this.#file);
    renameSync(this.#path, `${this.#path}.1`);
    this.#file = openSync(this.#path, 'a');
    this.#bytes = 0;
  }
}
