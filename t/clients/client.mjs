// A client of an assistant, once against the machine itself and once through nginx, for the scripts beside this file.
//
//   import { test } from './client.mjs';
//
//   await test(async ({ both, is }) => {
//       const { bare, ours, notice, raw } = await both(({ base, fetch, gate }) => ask(new SDK({ base, fetch })));
//       is(ours, bare, 'the same');
//   });
//
// both() runs a function against each and returns what it gave, or threw. `fetch` is to be given to the client: what it
// read through nginx is in raw, one text for each answer; notice is what the first of them tells programs that people
// are told. `step` is to be called when the client has read something that the machine sent, where it asks with the
// header X-Gate: gate; the machine sends nothing more before that.

import { end, is, like, ok, say } from './tap.mjs';
import { serve } from './upstream.mjs';

const WAIT = 15000;

let asked = 0;

const attempt = async (run, base, upstream) => {
    const answers = [];
    const name = `gate-${asked++}`;

    // each answer is read by the client as it comes, and by us
    const watched = async (...args) => {
        const response = await fetch(...args);

        if (!response.body) {
            answers.push('');
            return response;
        }

        const [theirs, mine] = response.body.tee();
        const raw = { text: '' };
        const reader = mine.getReader();
        const decoder = new TextDecoder();

        answers.push(raw);
        raw.done = (async () => {
            for (;;) {
                const { value, done } = await reader.read();
                if (done) {
                    return;
                }
                raw.text += decoder.decode(value, { stream: true });
            }
        })().catch(() => { /* it breaks for the client too */ });

        return new Response(theirs, { status: response.status, headers: response.headers });
    };

    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error('nothing came any more')), WAIT);
    });

    const it = { base, fetch: watched, gate: name, step: () => upstream.gate(name).open() };
    const result = await Promise.race([run(it), late]).then(
        (value) => ({ value }), (error) => ({ error }));

    clearTimeout(timer);
    if (result.error?.message === 'nothing came any more') {
        throw result.error;
    }

    await Promise.all(answers.map((a) => a.done));

    return { ...result, raw: answers.map((a) => a.text) };
};

// What is the same in both but for the words of an error that names a port or a request.
export const plain = (error) => error && {
    name: error.name, constructor: error.constructor.name, message: error.message, status: error.status,
    code: error.code ?? error.cause?.code, type: error.type,
};

const mark = (raw) => {
    const [, at] = /"ai_disclosure":(\{.*?\}\})/.exec(raw) ?? /"type":"data-ai-disclosure".*?"data":(\{.*?\}\})/.exec(raw)
        ?? [];
    return at ? JSON.parse(at) : undefined;
};

export async function test(run) {
    const upstream = await serve(Number(process.env.UPSTREAM));

    const both = async (client) => {
        const bare = await attempt(client, `http://127.0.0.1:${process.env.UPSTREAM}`, upstream);
        const ours = await attempt(client, process.env.BASE, upstream);
        const marks = ours.raw.map(mark);

        return {
            bare: bare.error ? { error: plain(bare.error) } : bare.value,
            ours: ours.error ? { error: plain(ours.error) } : ours.value,
            raw: ours.raw, bare_raw: bare.raw, marks, notice: marks[0]?.notice,
        };
    };

    try {
        await run({ both, upstream, ok, is, like, base: process.env.BASE, env: process.env });
    } catch (e) {
        say(false, 'the script ran to its end', e.stack);
    }

    upstream.close();
    end();
    process.exit();
}

// The text that a stream of OpenAI's kind has in the end, by a reader that knows no more than this.
export const naive = (raw) => raw.split('\n').filter((l) => l.startsWith('data: ') && l !== 'data: [DONE]')
    .map((l) => JSON.parse(l.slice(6)).choices[0].delta.content ?? '').join('');

// How often something stands in a text.
export const count = (text, what) => text.split(what).length - 1;
