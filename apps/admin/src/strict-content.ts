/**
 * To be imported before anything else: tells zod not to compile schemas, since even its probe for
 * whether it may (`new Function`) is reported by a strict content policy. The name is zod's own.
 */
const owner = globalThis as { __zod_globalConfig?: { jitless?: boolean } };
owner.__zod_globalConfig = { ...owner.__zod_globalConfig, jitless: true };

export {};
