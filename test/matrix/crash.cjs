// Preloaded into the program by secrets.test.ts: the first request of a kind ends in an error that carries all it knows.
const http = require('node:http');
const https = require('node:https');

for (const module of [http, https]) {
  const { request } = module;
  module.request = function crashing(...args) {
    const outgoing = request.apply(this, args);
    const told = JSON.stringify(outgoing.getHeaders());
    outgoing.on('error', () => {}).destroy();
    throw Object.assign(new TypeError(`cannot read the answer to ${told}`), {
      request: { headers: outgoing.getHeaders() },
    });
  };
}
