// Before any module: tells zod not to compile schemas, since even its probe for whether it may
// (`new Function`) is reported by a strict content policy. The name is zod's own.
globalThis.__zod_globalConfig = { ...globalThis.__zod_globalConfig, jitless: true };
