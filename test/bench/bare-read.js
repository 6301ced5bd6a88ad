import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

/**
 * The floor: reads the same logs and does nothing with them. Arguments: the kubeconfig and the number of pods. What it
 * writes is one byte, so that the sink sees that it ran.
 */
const [kubeconfig = '', pods = '1'] = process.argv.slice(2);
const server = /server: (\S+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? '';
const ca = /certificate-authority-data: (\S+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1];
const client = server.startsWith('https:') ? https : http;

function read(url) {
  return new Promise((resolve, reject) => {
    const asked = client.get(url, ca ? { ca: Buffer.from(ca, 'base64') } : {}, (response) => {
      const small = [];
      response.on('data', (piece) => {
        if (!url.endsWith('/log?timestamps=true')) small.push(piece);
      });
      response.once('end', () => resolve(Buffer.concat(small).toString('utf8')));
    });
    asked.once('error', reject);
  });
}

const list = JSON.parse(await read(`${server}/api/v1/namespaces/default/pods`));
const names = list.items.slice(0, Number(pods)).map(({ metadata }) => metadata.name);
await Promise.all(names.map((name) => read(`${server}/api/v1/namespaces/default/pods/${name}/log?timestamps=true`)));
process.stdout.write('\n');
