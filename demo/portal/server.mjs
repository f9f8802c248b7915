// Exempelkommun's portal: a small back end for the demonstration, with no
// dependency. It knows nothing of consent; what nginx takes out of a request
// never gets here, and /echo shows what did.
//
//   node server.mjs PORT | unix:PATH [URL of the gateway]

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

import { answer } from './assistant.mjs';
import * as desk from './desk.mjs';
import * as seen from './echo.mjs';
import * as pages from './pages.mjs';
import { languages } from './texts.mjs';

const here = (name) => new URL(name, import.meta.url);
const files = {
    '/style.css': ['text/css; charset=utf-8', readFileSync(here('style.css'))],
    '/vapen.svg': ['image/svg+xml', readFileSync(here('vapen.svg'))],
    '/vy.svg': ['image/svg+xml', readFileSync(here('vy.svg'))],
};

const gateway = process.argv[3];

const BODY_LIMIT = 1 << 20;

// applications of this run, newest last; nothing is kept anywhere else
const applications = new Map();
let number = 417;


const server = createServer((request, response) => {
    serve(request, response).catch((error) => {
        console.error(error);
        if (!response.headersSent) {
            html(response, 500, pages.failed());
        } else {
            response.destroy();
        }
    });
});


async function serve(request, response) {
    const url = new URL(request.url, 'http://portal');
    const cookies = parseCookies(request.headers.cookie);
    const visit = { url, cookies, headers: request.headers, person: whoIs(request.headers, cookies) };
    const route = routes[`${request.method === 'HEAD' ? 'GET' : request.method} ${url.pathname}`];

    if (files[url.pathname]) {
        const [type, bytes] = files[url.pathname];
        send(response, 200, type, bytes, { 'Cache-Control': 'public, max-age=300' });

    } else if (route) {
        await route(request, response, visit);

    } else {
        html(response, 404, pages.missing(visit));
    }
}


const routes = {
    'GET /': start('sv'),
    'GET /fi': start('fi'),
    'GET /en': start('en'),

    'GET /tjanster': page(pages.services),
    'GET /tjanster/bygglov': page(pages.buildingPermit),
    'GET /tjanster/forskola': page(pages.preschool),
    'GET /tjanster/avfall': page(pages.waste),
    'GET /tjanster/snorojning': page(pages.snow),
    'GET /bygglov/ansok': page(pages.application),
    'GET /overklaga': page(pages.appeal),
    'GET /mina-sidor': page((visit) => pages.myPages(visit, [...applications.values()])),
    'GET /assistent': page(pages.assistant),

    async 'POST /bygglov/ansok'(request, response) {
        const fields = new URLSearchParams(String(await take(request)));
        const id = `BYGG-2026-${++number}`;

        applications.set(id, { id, fields: [...fields], at: new Date() });
        if (applications.size > 100) {
            applications.delete(applications.keys().next().value);
        }

        redirect(response, `/bygglov/kvitto?arende=${id}`);
    },

    async 'GET /bygglov/kvitto'(request, response, visit) {
        const found = applications.get(visit.url.searchParams.get('arende'));
        html(response, found ? 200 : 404, found ? pages.receipt(visit, found) : pages.missing(visit));
    },

    async 'GET /assistent/chat'(request, response, visit) {
        chat(request, response, visit, visit.url.searchParams.get('fraga'));
    },

    async 'POST /assistent/chat'(request, response, visit) {
        const body = (await take(request)).toString();
        const json = /json/.test(request.headers['content-type'] ?? '');
        chat(request, response, visit, json ? question(body) : new URLSearchParams(body).get('fraga'));
    },

    // as if an identity service had told the portal who is there
    async 'GET /logga-in'(request, response) {
        redirect(response, '/mina-sidor', [
            'JSESSIONID=7d2f9a51c0de4b3e; Path=/; HttpOnly; SameSite=Lax',
            'pnr=19121212-1212; Path=/; HttpOnly; SameSite=Lax',
            'epost=tolvan.tolvansson@example.org; Path=/; HttpOnly; SameSite=Lax',
            'ort=Exempelby; Path=/; SameSite=Lax',
        ]);
    },

    async 'GET /logga-ut'(request, response) {
        redirect(response, '/', ['JSESSIONID', 'pnr', 'epost', 'ort', 'stat_id'].map(
            (name) => `${name}=; Path=/; Max-Age=0`));
    },

    'GET /echo': echo,
    'POST /echo': echo,
    'PUT /echo': echo,

    // from nginx alone: the location is internal
    'POST /desk/inbox/requests': inbox('requests'),
    'POST /desk/inbox/events': inbox('events'),

    async 'GET /desk'(request, response) {
        html(response, 200, desk.page(), { 'Cache-Control': 'no-store' });
    },

    async 'POST /desk'(request, response) {
        const fields = new URLSearchParams(String(await read(request)));

        if (!['same-origin', undefined].includes(request.headers['sec-fetch-site'])) {
            html(response, 403, pages.failed());
        } else if (await desk.tell(gateway, fields)) {
            redirect(response, '/desk');
        } else {
            html(response, 502, desk.page({ failed: true }));
        }
    },
};


function inbox(kind) {
    return async (request, response) => {
        desk.arrive(kind, JSON.parse(String(await read(request))));
        send(response, 201, 'application/json', '{}\n');
    };
}


// A start page counts visits with a cookie of its own, as portals do.
function start(lang) {
    return async (request, response, visit) => {
        const id = visit.cookies.stat_id ?? Math.random().toString(36).slice(2, 12);
        html(response, 200, pages.start({ ...visit, lang }), {
            'Set-Cookie': [`stat_id=${id}; Path=/; Max-Age=31536000; SameSite=Lax`],
            'Content-Language': lang,
        });
    };
}


function page(make) {
    return async (request, response, visit) => html(response, 200, make(visit));
}


function chat(request, response, visit, asked) {
    const lang = languages.includes(visit.url.searchParams.get('lang')) ? visit.url.searchParams.get('lang') : null;
    const text = (asked ?? '').trim();
    const reply = answer(text, lang);

    if (/json/.test(request.headers.accept ?? '')) {
        const { lang: language, known, text: svar, more } = reply;
        send(response, 200, 'application/json', `${JSON.stringify({ svar, known, language, more })}\n`);
    } else {
        html(response, 200, pages.reply(visit, text, reply), { 'Content-Language': reply.lang });
    }
}


// { "fraga": … } or the messages of a chat
function question(body) {
    try {
        const { fraga, messages } = JSON.parse(body);
        return String(fraga ?? messages?.at(-1)?.content ?? '');
    } catch {
        return '';
    }
}


// What reached this server, all of it: a page for people, JSON for programs.
async function echo(request, response, visit) {
    const body = await (request.method === 'GET' || request.method === 'HEAD' ? read : take)(request);
    const headers = [];

    for (let i = 0; i < request.rawHeaders.length; i += 2) {
        headers.push([request.rawHeaders[i], request.rawHeaders[i + 1]]);
    }

    if (/text\/html/.test(request.headers.accept ?? '')) {
        html(response, 200, seen.page(visit, headers), { 'Cache-Control': 'no-store' });
        return;
    }

    send(response, 200, 'application/json; charset=utf-8', `${JSON.stringify({
        method: request.method,
        uri: request.url,
        args: [...visit.url.searchParams],
        headers,
        cookies: visit.cookies,
        body: body.toString(),
    }, null, 2)}\n`, { 'Cache-Control': 'no-store' });
}


// An identity that a gateway passed on, or the one of our own log-in.
function whoIs(headers, cookies) {
    const pnr = headers['x-personnummer'] ?? cookies.pnr;
    const email = headers['x-user-email'] ?? cookies.epost;
    const place = headers['x-user-location'] ?? cookies.ort;

    return { session: Boolean(cookies.JSESSIONID || pnr), pnr, email, place };
}


function parseCookies(line = '') {
    return Object.fromEntries(line.split(';').map((pair) => pair.trim()).filter(Boolean).map((pair) => {
        const at = pair.indexOf('=');
        return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }));
}


// A body that /echo shows afterwards.
async function take(request) {
    const body = await read(request);

    seen.keep(request, body);

    return body;
}


async function read(request) {
    const parts = [];
    let size = 0;

    for await (const part of request) {
        size += part.length;
        if (size > BODY_LIMIT) {
            throw new Error('body too large');
        }
        parts.push(part);
    }

    return Buffer.concat(parts);
}


function html(response, status, text, headers = {}) {
    send(response, status, 'text/html; charset=utf-8', text, {
        'Content-Security-Policy': "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'",
        'Referrer-Policy': 'same-origin',
        ...headers,
    });
}


function redirect(response, to, cookies = []) {
    response.writeHead(303, { Location: to, 'Set-Cookie': cookies, 'Content-Length': 0 });
    response.end();
}


function send(response, status, type, bytes, headers = {}) {
    response.writeHead(status, {
        'Content-Type': type, 'Content-Length': Buffer.byteLength(bytes), ...headers,
    });
    response.end(bytes);
}


server.keepAliveTimeout = 65000;
server.listen(process.argv[2].startsWith('unix:') ? { path: process.argv[2].slice(5) }
    : { port: Number(process.argv[2]), host: '127.0.0.1' });

for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => process.exit(0));
}
