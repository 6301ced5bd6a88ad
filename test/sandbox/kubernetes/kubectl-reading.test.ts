import assert from 'node:assert/strict';
import { EventEmitter, on, once } from 'node:events';
import {
  BAD,
  hasKubectl,
  kubectl,
  live,
  podsOf,
  type ServedKubernetes,
  serveKubernetes,
  startKubectl,
} from '../../support/serve-kubernetes.ts';

/** Everything that a responder reads with kubectl, by the stock program. Nothing here changes the cluster. */
describe('reading with stock kubectl', function () {
  this.timeout(60_000);
  let served: ServedKubernetes;
  const requests = new EventEmitter();

  before(async function () {
    if (!hasKubectl()) this.skip();
    served = await serveKubernetes({ before: (exchange) => requests.emit('request', exchange) });
    served.cluster.deploy('dolthubapi', BAD, 'ben');
    live(served.clock, 60_000);
  });
  after(() => served?.close());

  const run = async (text: string): Promise<string> => {
    const { stdout, stderr, code } = await kubectl(served, ...text.split(' '));
    assert.equal(code, 0, stderr);
    assert.equal(stderr.replace(/^(Found \d+ pods, using|No resources found).*\n/gm, ''), '', text);
    return stdout;
  };
  const lines = async (text: string): Promise<string[]> => (await run(text)).trimEnd().split('\n');
  const healthy = (): string => podsOf(served.cluster, 'userservice')[0]?.metadata.name ?? '';

  const TABLES: readonly [words: string, header: RegExp, row: RegExp][] = [
    ['get endpoints', /^NAME +ENDPOINTS +AGE$/, /^userservice +[\d.]+:8080,[\d.]+:8080 +190d$/m],
    ['get endpointslices', /^NAME +ADDRESSTYPE +PORTS +ENDPOINTS +AGE$/, /^userservice-\w{5} +IPv4 +8080 +/m],
    ['get configmaps', /^NAME +DATA +AGE$/, /^dolthubapi-config +3 +190d$/m],
    ['get secrets', /^NAME +TYPE +DATA +AGE$/, /^dolthubapi-database +Opaque +2 +190d$/m],
    ['get serviceaccounts', /^NAME +SECRETS +AGE$/, /^default +0 +190d$/m],
    ['get namespaces', /^NAME +STATUS +AGE$/, /^production +Active +190d$/m],
    ['get leases -n kube-node-lease', /^NAME +HOLDER +AGE$/, /^(ip\S+) +\1 +190d$/m],
    ['get events.events.k8s.io', /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE$/, /Warning +BackOff +pod\/dolthubapi-/m],
    ['get pods -A -o wide', /^NAMESPACE +NAME .* NODE /, /^production +userservice-\S+ +1\/1 +Running .* ip-10-0-/m],
    ['get rs -o wide', /^NAME +DESIRED .* CONTAINERS +IMAGES +SELECTOR$/, /app=dolthubapi,pod-template-hash=\w+$/m],
    ['top nodes', /^NAME +CPU\(cores\) +CPU(%|\(%\)) +MEMORY/, /^ip-\S+ +\d+m +\d+% +\d+Mi +\d+%/m],
    ['top pods', /^NAME +CPU\(cores\) +MEMORY\(bytes\)/, /^userservice-\S+ +\d+m +\d+Mi/m],
    ['top pods --containers', /^POD +NAME +CPU/, /^userservice-\S+ +userservice +\d+m +\d+Mi/m],
    ['events --types=Warning', /^LAST SEEN +TYPE +REASON/, /Warning +BackOff/m],
    [
      'api-resources',
      /^NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND$/,
      /^deployments +deploy +apps\/v1 +true +Deployment$/m,
    ],
  ];
  for (const [words, header, row] of TABLES) {
    it(words, async () => {
      const [first = '', ...rest] = await lines(words);
      assert.match(first, header);
      assert.match(rest.join('\n'), row);
    });
  }

  it('top leaves out what has not run long enough, as a metrics-server does, and agrees with itself', async () => {
    assert.doesNotMatch(await run('top pods'), /dolthubapi/);
    const sorted = (await lines('top pods --sort-by=memory')).slice(1).map((line) => Number(/(\d+)Mi/.exec(line)?.[1]));
    assert.deepEqual(
      sorted,
      [...sorted].sort((a, b) => b - a),
    );
    const [, one] = await lines(`top pod ${healthy()}`);
    assert.match(one ?? '', new RegExp(`^${healthy()}`));
    assert.equal((await lines('top pods -l app=userservice')).length, 3);
    assert.match((await kubectl(served, 'top', 'pod', 'nope')).stderr, /NotFound.*podmetrics|"nope" not found/);
  });

  it('describes each kind without a complaint', async () => {
    const node = await run('describe nodes');
    assert.match(node, /HolderIdentity: +ip-10-0-/);
    assert.match(node, /Non-terminated Pods: +\(\d+ in total\)/);
    assert.match(await run('describe namespace production'), /No resource quota\.\n\nNo LimitRange resource\./);
    assert.match(
      await run('describe deployment userservice'),
      /NewReplicaSet: +userservice-\w+ \(2\/2 replicas created\)/,
    );
    assert.match(await run('describe secret dolthubapi-database'), /password: +26 bytes/);
    assert.match(await run('describe endpoints dolthubapi'), /NotReadyAddresses: +[\d.]+,[\d.]+,[\d.]+/);
    for (const kind of ['rs', 'svc', 'endpointslices', 'configmaps', 'sa', 'events', 'pods'])
      assert.match(await run(`describe ${kind}`), /^Name: /m, kind);
  });

  it('selects by fields, and says which cannot be', async () => {
    const names = (text: string) => lines(`${text} -o name`);
    const [node = ''] = (await lines('get nodes -o name')).map((name) => name.replace('node/', ''));
    const onNode = await names(`get pods --field-selector spec.nodeName=${node}`);
    const elsewhere = await names(`get pods --field-selector spec.nodeName!=${node}`);
    assert.equal(onNode.length + elsewhere.length, 15);
    assert.deepEqual(await names(`get pods --field-selector metadata.name=${healthy()}`), [`pod/${healthy()}`]);
    assert.equal(
      (await names('get pods --field-selector status.phase=Running,metadata.namespace=production')).length,
      15,
    );
    const events = await lines('get events --field-selector type=Warning,reason=BackOff,involvedObject.kind=Pod');
    assert.equal(events.length, 4);
    assert.deepEqual(await names('get secrets --field-selector type=Opaque,metadata.name=dolthubapi-database'), [
      'secret/dolthubapi-database',
    ]);
    const { stderr } = await kubectl(served, 'get', 'configmaps', '--field-selector', 'data=x');
    assert.match(stderr, /"data" is not a known field selector: only "metadata.name", "metadata.namespace"/);
  });

  it('prints in every form', async () => {
    assert.equal(await run('get deploy dolthubapi -o jsonpath={.spec.replicas}'), '3');
    assert.equal(await run('get deploy dolthubapi -o go-template={{.metadata.name}}'), 'dolthubapi');
    assert.deepEqual(await lines('get deploy dolthubapi -o custom-columns=N:.metadata.name,R:.spec.replicas'), [
      'N            R',
      'dolthubapi   3',
    ]);
    assert.match(await run('get deploy dolthubapi -o yaml'), /^apiVersion: apps\/v1\nkind: Deployment\n/);
    assert.equal((JSON.parse(await run('get pods -o json')) as { kind: string }).kind, 'List');
    const [first] = await lines('get pods --sort-by=.metadata.name -o name --chunk-size=4');
    assert.match(first ?? '', /^pod\/dolthub-web-/);
    assert.equal((await lines('get pods --chunk-size=4')).length, 16);
    assert.match(await run('get deploy dolthubapi --subresource=scale -o yaml'), /^kind: Scale$/m);
  });

  it('waits for what is, and not for what is not', async () => {
    for (const condition of ['condition=Available', 'jsonpath={.status.readyReplicas}=2'])
      assert.match(await run(`wait --for=${condition} deployment/userservice --timeout=10s`), /condition met/);
    assert.match(await run(`wait --for=condition=Ready pod/${healthy()} --timeout=10s`), /condition met/);
    const { stderr, code } = await kubectl(
      served,
      ...'wait --for=condition=Available deployment/dolthubapi --timeout=1s'.split(' '),
    );
    assert.equal(code, 1);
    assert.match(stderr, /timed out waiting for the condition on deployments\/dolthubapi/);
  });

  it('explains what there is', async () => {
    assert.match(await run('explain pods.spec.containers.image'), /FIELD: image <string>\n/);
    assert.match(await run('explain deployments'), /GROUP: +apps\nKIND: +Deployment\nVERSION: +v1\n/);
    assert.match(await run('explain pods --recursive'), /nodeName\t<string>/);
    assert.match((await kubectl(served, 'explain', 'pods.nope')).stderr, /field "nope" does not exist/);
  });

  it('reads logs in every form', async () => {
    assert.equal((await lines(`logs ${healthy()} --tail=3`)).length, 3);
    assert.match(await run(`logs ${healthy()} --tail=1 --timestamps`), /^\d{4}-\d\d-\d\dT\S+Z \{/);
    assert.match(
      await run('logs deployment/userservice --tail=1 --all-containers --prefix'),
      /^\[pod\/userservice-\S+\/userservice\] /,
    );
    assert.equal((await lines('logs -l app=userservice --tail=2')).length, 4);
    assert.ok(
      (await lines(`logs ${healthy()} --since=10s`)).length < (await lines(`logs ${healthy()} --since=2m`)).length,
    );
    assert.equal((await run(`logs ${healthy()} --limit-bytes=20`)).length, 20);
    const dead = podsOf(served.cluster, 'dolthubapi')[0]?.metadata.name;
    assert.match(await run(`logs ${dead} -p`), /panic: /);
    const { stderr } = await kubectl(served, 'logs', 'nope');
    assert.match(stderr, /pods "nope" not found in namespace "production"|pods "nope" not found/);
  });

  it('forbids exec, attach, port-forward, cp and debug in the words of RBAC, and can-i says so too', async () => {
    const pod = healthy();
    for (const [words, right] of [
      [`exec ${pod} -- ls`, 'create resource "pods/exec"'],
      [`attach ${pod}`, 'create resource "pods/attach"'],
      [`port-forward ${pod} 8080`, 'create resource "pods/portforward"'],
      [`cp ${pod}:/etc/hosts /tmp/never`, 'create resource "pods/exec"'],
      [`debug ${pod} --image=x --profile=general`, 'patch resource "pods/ephemeralcontainers"'],
      ['create configmap x', 'create resource "configmaps"'],
    ] as const) {
      const { stderr, code } = await kubectl(served, ...words.split(' '));
      assert.equal(code, 1, words);
      assert.ok(
        stderr.includes(`User "sam@dolthub.test" cannot ${right} in API group "" in the namespace "production"`),
        stderr,
      );
    }
    assert.match((await kubectl(served, 'auth', 'can-i', 'create', 'pods/exec')).stdout, /^no/);
    assert.match((await kubectl(served, 'auth', 'can-i', '*', '*')).stdout, /^no/);
    assert.equal(await run('auth can-i patch deployments.apps'), 'yes\n');
  });

  it('events -w and get --watch-only show what is new', async () => {
    const arriving = on(requests, 'request');
    const watching = ['events', '-w', '--for', 'deployment/userservice'];
    const children = [watching, ['get', 'deploy', '--watch-only', '-o', 'name']].map((words) =>
      startKubectl(served, ...words),
    );
    const texts = ['', ''];
    children.forEach((child, i) => {
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        texts[i] += piece;
      });
    });
    let begun = 0;
    for await (const [{ query }] of arriving) {
      if (query.has('watch')) begun += 1;
      if (begun === 2) break;
    }
    await run('scale deployment/userservice --replicas=3');
    live(served.clock, 8000);
    for (const [i, word] of ['ScalingReplicaSet', 'deployment.apps/userservice'].entries())
      while (!texts[i]?.includes(word)) await once(children[i]?.stdout as NodeJS.ReadableStream, 'data');
    for (const child of children) {
      const closed = once(child, 'close');
      child.kill();
      await closed;
    }
  });
});
