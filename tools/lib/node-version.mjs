// @ts-check
/** What package.json asks for in `engines`, in words. */
const needed = '20.19 or newer of 20, 22.13 or newer of 22, or 24 and newer';

/** Whether a Node version such as `20.19.1` will do. @param {string} version */
export function isSupported(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === 20) return minor >= 19;
  if (major === 22) return minor >= 13;
  return major >= 24;
}

/** Ends the process with a clear line when Node is too old. */
export function checkNodeVersion(version = process.versions.node) {
  if (isSupported(version)) return;
  console.error(`Node ${version} is not supported: Strikewire needs ${needed}.`);
  process.exit(1);
}
