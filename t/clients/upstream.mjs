// A machine that answers as OpenAI's, Anthropic's and Ollama's interfaces do, for the scripts beside this file.
//
//   const upstream = await serve(port);
//   upstream.route('/api/chat', async (request, body) => new Response(...));
//
// Which of its answers it gives is what the request names as its model. A request with a header X-Gate gets its answer
// piece by piece: each piece is sent when upstream.gate(name).open() has been called once more, so that a client can say
// that it has what was sent before. All requests are in upstream.requests, with their bodies.

import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import * as anthropic from './upstream_anthropic.mjs';
import * as openai from './upstream_openai.mjs';

class Gate {
    #tickets = 0;
    #waiting = [];

    open() {
        const next = this.#waiting.shift();
        if (next) {
            next();
        } else {
            this.#tickets++;
        }
    }

    async pass() {
        if (this.#tickets > 0) {
            this.#tickets--;
        } else {
            await new Promise((resolve) => this.#waiting.push(resolve));
        }
    }
}

const read = async (request) => {
    const pieces = [];
    for await (const piece of request) {
        pieces.push(piece);
    }
    return Buffer.concat(pieces).toString();
};

const json = (response, status, body, headers = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
};

// An answer whose pieces are strings; the piece BREAK is the end of the connection.
export const BREAK = Symbol('the connection breaks');

const stream = async (response, pieces, gate, headers = {}) => {
    response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', 'x-accel-buffering': 'no',
        ...headers,
    });
    response.flushHeaders();

    for (const [i, piece] of pieces.entries()) {
        if (i > 0 && gate) {
            await gate.pass();
        }
        if (piece === BREAK) {
            // what was written before is to be sent first
            setImmediate(() => response.destroy());
            return;
        }
        await new Promise((resolve) => response.write(piece, resolve));
    }

    response.end();
};

const ollama = (body) => ['Hej', ' där', '']
    .map((content, i) => JSON.stringify({
        model: body.model, created_at: `2026-01-01T00:00:0${i}Z`, message: { role: 'assistant', content }, done: i === 2,
    }) + '\n');

export async function serve(port) {
    const routes = {};
    const gates = new Map();
    const requests = [];
    const tries = new Map();

    const gate = (name) => {
        if (!gates.has(name)) {
            gates.set(name, new Gate());
        }
        return gates.get(name);
    };

    const answer = async (request, response) => {
        const text = await read(request);
        const { pathname } = new URL(request.url, 'http://a');
        const named = request.headers['x-gate'];
        const with_gate = named && gate(named);

        requests.push({ url: request.url, headers: request.headers, text });

        if (routes[pathname]) {
            const { status, headers, body } = await routes[pathname](request, text, with_gate);
            response.writeHead(status, Object.fromEntries(headers));
            response.flushHeaders();
            await pipeline(Readable.fromWeb(body), response).catch(() => { /* a route may break off */ });
            return;
        }

        const body = JSON.parse(text);
        const dialect = pathname.endsWith('/messages') ? anthropic : openai;
        const [, status, ...headers] = /^status-(\d+)(-retry)?$/.exec(body.model) ?? [];

        if (status) {
            const again = tries.get(named) ?? 0;
            tries.set(named, again + 1);

            if (!headers[0] || again === 0) {
                json(response, Number(status), dialect.fault(Number(status)),
                    headers[0] ? { 'retry-after-ms': '1' } : {});
                return;
            }
        }

        if (pathname === '/api/chat') {
            await stream(response, ollama(body), with_gate, { 'content-type': 'application/x-ndjson' });

        } else if (body.stream) {
            await stream(response, dialect.pieces(pathname, body), with_gate);

        } else {
            json(response, 200, dialect.whole(pathname, body));
        }
    };

    const server = createServer((request, response) => {
        answer(request, response).catch((e) => {
            console.error(e);
            response.destroy();
        });
    });

    await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));

    return {
        gate, requests,
        route: (path, handler) => { routes[path] = handler; },
        close: () => { server.closeAllConnections(); server.close(); },
    };
}
