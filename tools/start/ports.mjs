// @ts-check
import { createServer } from 'node:net';

/**
 * In one line, which port is taken and which variable moves it; undefined when all are free.
 * @param {{ port: number, simulatorPort: number | undefined }} settings
 */
export async function portsProblem({ port, simulatorPort }) {
  const wanted = { PORT: port, SIMULATOR_PORT: simulatorPort };
  for (const [name, number] of Object.entries(wanted)) {
    if (number === undefined) continue;
    const code = await whyNotFree(number);
    if (code === undefined) continue;
    const what = code === 'EADDRINUSE' ? 'is already in use' : `cannot be used (${code})`;
    const other = `set ${name} to another one, for example: ${name}=${number + 10} npm start`;
    return `Port ${number} ${what}. Is Strikewire running already? Otherwise ${other}`;
  }
  return undefined;
}

/**
 * @param {number} port
 * @returns {Promise<string | undefined>}
 */
function whyNotFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code ?? ''));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(undefined)));
  });
}
