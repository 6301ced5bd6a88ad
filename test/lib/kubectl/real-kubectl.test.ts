import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { OncallError } from '../../../src/lib/errors.ts';
import { judge } from '../../../src/lib/kubectl/judge.ts';
import { kubectlArgv, kubectlEnvironment } from '../../../src/lib/kubectl/kubectl-call.ts';
import { Random } from '../../../src/lib/sandbox/world/random.ts';
import { hasKubectl, podsOf, type ServedKubernetes, serveKubernetes } from '../../support/serve-kubernetes.ts';
import { CASES, wordsOf } from './cases.ts';

const AIM = { service: 'dolthubapi', namespace: 'production' };

/** What kubectl may be told before, after and between its commands, in the spellings that hide one thing in another. */
const VOCABULARY =
  `get delete logs describe rollout status restart undo scale exec secrets pods pod secret/x pods,secrets deployment dolthubapi
  -A -n -w -o -l -f -p -s -v -h -An -Aw -wo -Ao yaml name 1 app=dolthubapi production -- - --all-namespaces --all_namespaces
  --namespace --namespace=production --selector --output=name --watch=false --token --token=x --as --as=root --context
  --server=https://127.0.0.1:1 --request-timeout --request-timeout=2s --raw --raw=/api/v1/secrets --filename --all --replicas=0
  --subresource status --tail=1 --ignore-not-found --match-server-version --chunk-size 5 --show-labels --help`.split(
    /\s+/,
  );

/** The stock kubectl is the judge of the judge: whatever is taken for reading is run, and the server tells what came of it. */
describe('what is taken for reading, in the hands of stock kubectl', function () {
  this.timeout(300_000);
  let served: ServedKubernetes;
  let pod = '';

  before(async function () {
    if (!hasKubectl()) this.skip();
    served = await serveKubernetes();
    pod = podsOf(served.cluster, 'dolthubapi')[0]?.metadata.name ?? '';
  });
  after(() => served?.close());

  function run(words: readonly string[]): Promise<{ code: number; stderr: string }> {
    const settings = { kubeconfig: served.kubeconfig, context: 'practice' };
    const identity = { context: 'practice' };
    const [program, ...args] = kubectlArgv(words, { aim: AIM, identity, settings });
    const home = join(served.kubeconfig, '..');
    const env = kubectlEnvironment({ PATH: process.env.PATH, HOME: home, KUBECACHEDIR: join(home, 'cache') });
    return new Promise((resolve) => {
      const child = execFile(program, args, { env, timeout: 15_000 }, (error, _stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stderr }),
      );
      child.stdin?.end();
    });
  }

  /** Runs one at a time: which requests belong to it must be known. */
  async function onlyReads(words: readonly string[]): Promise<{ code: number; stderr: string }> {
    const from = served.seen.length;
    const ran = await run(words);
    for (const { method, path } of served.seen.slice(from)) {
      const asks = method === 'POST' && /\/selfsubject\w*reviews$/.test(path);
      assert.ok(method === 'GET' || asks, `kubectl ${words.join(' ')}: ${method} ${path}`);
      assert.doesNotMatch(
        path,
        /^\/api\/v1\/(namespaces\/[^/]+\/)?secrets(\/|$)|\/pods\/[^/]+\/(exec|attach|portforward|proxy)$/,
        `kubectl ${words.join(' ')}`,
      );
    }
    return ran;
  }

  for (const [text, fate] of CASES) {
    if (fate !== 'read') continue;
    it(`kubectl ${text}`, async () => {
      const { code, stderr } = await onlyReads(wordsOf(text, pod));
      assert.doesNotMatch(stderr, /unknown (shorthand )?flag|unknown command/);
      // What cannot succeed here still has to have been understood.
      if (!/can-i|wait|pod secrets|kube-system/.test(text)) assert.equal(code, 0, stderr);
    });
  }

  it('so are two hundred command lines that chance has made', async () => {
    const random = new Random(Number(process.env.ONCALL_SEED ?? 20261124));
    let accepted = 0;
    let tried = 0;
    while (accepted < 200) {
      tried += 1;
      const words = Array.from({ length: random.between(2, 7) }, () => random.pick(VOCABULARY));
      try {
        const { endless, asksCluster } = judge(words, AIM, { write: false });
        if (endless || !asksCluster || words.includes('--help') || words.some((word) => /^-\w*h/.test(word))) continue;
      } catch (error) {
        assert.ok(error instanceof OncallError, String(error));
        continue;
      }
      accepted += 1;
      await onlyReads(words);
    }
    assert.ok(tried > accepted);
  });
});
