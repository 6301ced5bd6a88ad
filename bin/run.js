#!/usr/bin/env node
// The AWS SDK would print a warning about Node 20 before the first answer; the README says the same, calmly.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.env.ONCALL_DISABLE_THEME ??= '1';

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);
const { start } = createRequire(import.meta.url)('../dist/oncall.cjs');
await start({ root: dirname(dirname(here)), self: [process.execPath, here] });
