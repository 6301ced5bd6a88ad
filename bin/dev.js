#!/usr/bin/env node
// Starts `oncall` from the sources, without a build.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.env.ONCALL_DISABLE_THEME ??= '1';

import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register();
const [{ sourceRegistry, ROOT }, { main }] = await Promise.all([
  import('./registry.ts'),
  import('../src/lib/cli/main.ts'),
]);
await main(await sourceRegistry(), { root: ROOT, self: [process.execPath, fileURLToPath(import.meta.url)] });
