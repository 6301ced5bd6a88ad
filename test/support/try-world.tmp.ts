import { startWorld } from './world.ts';
import { runOncall } from './try-run.tmp.ts';
const w = await startWorld();
const dir = w.env.ONCALL_STATE_DIR;
console.log(w.sandbox.world.clock.now() - Date.now());
for (const argv of [['graph'], ['graph', 'dolthubapi', 'errors'], ['logs', '--no-follow', '--tail', '3'], ['logs', 'dolthubapi', '--tail', '10']]) { const r = await runOncall(argv, { env: { ...w.env, TZ: 'America/Los_Angeles' }, width: 110, ...(argv.includes('10') ? { signal: AbortSignal.timeout(1000) } : {}) }); console.log('$ oncall', argv.join(' ')); console.log(r.stderr + '~~~\n' + r.stdout + '=> ' + r.code); }
await w.close();
