// OpenAI's own client reads marked answers as it reads those of the machine itself.

import OpenAI from 'openai';

import { count, plain, test } from './client.mjs';

const FIRST = [{ role: 'user', content: 'Hej' }];
const LATER = [...FIRST, { role: 'assistant', content: 'Hej' }, { role: 'user', content: 'Hur är det?' }];
const TOOLS = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } }];
const JSON_MODE = { response_format: { type: 'json_object' } };

const client = ({ base, fetch, gate }, more = {}) => new OpenAI({
    baseURL: `${base}/v1`, apiKey: 'none', fetch, maxRetries: 0,
    defaultHeaders: { 'x-gate': gate, 'accept-language': 'sv' }, ...more,
});

const without = (answer) => ({ ...answer, ai_disclosure: undefined });

// All chunks of a stream, each read before the next is sent, and the error that ended it.
const chunks = (it, request) => async () => {
    const out = [];
    let error, notice;

    try {
        const stream = await client(it).chat.completions.create({ messages: FIRST, stream: true, ...request });

        for await (const chunk of stream) {
            out.push(chunk);
            notice ??= chunk.ai_disclosure?.notice;

            if (!notice || chunk.choices[0]?.delta?.content !== `${notice}\n\n`) {
                it.step();
            }
        }
    } catch (e) {
        error = plain(e);
    }

    return { out, error, text: out.map((c) => c.choices[0]?.delta?.content ?? '').join('') };
};

await test(async ({ both, is, ok, like }) => {
    const whole = async (name, request) => {
        const { bare, ours, marks } = await both((it) =>
            client(it).chat.completions.create({ messages: FIRST, ...request }));

        is(ours.ai_disclosure, marks[0], `${name}: a program can see what it is`);
        is(marks[0].mode, 'machine-generated', `${name}: made by a machine`);
        is(without(ours), without(bare), `${name}: all else is the same`);
    };

    await whole('an answer', { model: 'chat' });
    await whole('a tool', { model: 'tools', tools: TOOLS });
    await whole('words and a tool', { model: 'text-tools', tools: TOOLS });
    await whole('JSON', { model: 'json', ...JSON_MODE });
    await whole('a refusal', { model: 'refuses' });

    // streams: nothing is sent before all that was sent has been read

    const streamed = async (name, request, told) => {
        const { bare, ours, notice, raw, bare_raw } = await both((it) => chunks(it, request)());
        const mine = ours.out.filter((c) => c.choices[0]?.delta?.content === `${notice}\n\n`);
        const others = ours.out.filter((c) => !mine.includes(c)).map(without);

        like(notice, /AI/, `${name}: the notice`);
        is(ours.text, (told ? `${notice}\n\n` : '') + bare.text, `${name}: ${told ? 'a person sees it first' : 'no words'}`);
        is(others, bare.out.map(without), `${name}: all else is the same, chunk by chunk`);
        is(ours.error, bare.error, `${name}: also how it ends`);
        is(count(raw[0], '"ai_disclosure":'), 1, `${name}: a program can see it, once`);
        ok(raw[0].indexOf('"ai_disclosure":') < raw[0].indexOf('\n'), `${name}: in the first chunk`);
        is(count(raw[0], '[DONE]'), count(bare_raw[0], '[DONE]'), `${name}: the end is there if it was`);
        ok(!/"finish_reason":"[^]*AI-/.test(raw[0]), `${name}: no words behind the end`);
        is(mine.length, told ? 1 : 0, `${name}: one chunk of ours, or none`);
        ok(mine.every((c) => c.id === bare.out[0].id && c.model === bare.out[0].model && c.choices[0].index === 0),
            `${name}: of the same answer`);

        return { ours, bare };
    };

    await streamed('a stream', { model: 'chat' }, true);
    await streamed('usage', { model: 'chat', stream_options: { include_usage: true } }, true);
    await streamed('a later turn', { model: 'chat', messages: LATER }, false);
    await streamed('a stream of JSON', { model: 'json', ...JSON_MODE }, false);
    await streamed('a schema', {
        model: 'json', response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } },
    }, false);
    await streamed('a streamed tool', { model: 'tools', tools: TOOLS }, false);
    await streamed('streamed words and a tool', { model: 'text-tools', tools: TOOLS }, true);
    await streamed('a thought', { model: 'thinks' }, true);
    await streamed('a streamed refusal', { model: 'refuses' }, true);

    const broken = await streamed('a stream that breaks', { model: 'breaks' }, true);
    ok(broken.bare.error, 'a stream that breaks: the client says so');
    await streamed('a stream that breaks before a word', { model: 'breaks-at-once' }, false);
    const failed = await streamed('an error in a stream', { model: 'fails' }, true);
    like(failed.ours.error.message, /Too much/, 'an error in a stream: the client has it');

    // what the client puts together by itself

    const together = async (name, request, told) => {
        const { bare, ours, notice } = await both(async (it) => {
            const runner = client(it).chat.completions.stream({ messages: FIRST, ...request });
            runner.on('chunk', it.step);
            return await runner.finalChatCompletion();
        });
        const message = ours.choices[0].message;

        if (told) {
            ok(message.content.startsWith(`${notice}\n\n`), `${name}: the notice`);
            message.content = message.content.slice(notice.length + 2);
        }

        is(without(ours), without(bare), `${name}: the same in the end`);
    };

    await together('put together', { model: 'chat', stream_options: { include_usage: true } }, true);
    await together('a tool put together', { model: 'tools', tools: TOOLS }, false);
    await together('words and a tool put together', { model: 'text-tools', tools: TOOLS }, true);
    await together('JSON put together', { model: 'json', ...JSON_MODE }, false);

    // the parsed value of structured output, and a tool that the client runs

    const parsed = await both(async (it) => (await client(it).chat.completions.parse({
        model: 'json', messages: FIRST,
        response_format: { type: 'json_schema', json_schema: { name: 'a', strict: true, schema: { type: 'object' } } },
    })).choices[0].message);
    is(JSON.parse(parsed.ours.content), { answer: 'Hej "du"' }, 'structured output');
    is(parsed.ours, parsed.bare, 'is the same');

    // responses, which end with all of their text once more: words in them would be there and then gone

    const respond = async (it) => {
        const stream = client(it).responses.stream({ model: 'chat', input: 'Hej' });
        const types = [];
        for await (const event of stream) {
            types.push(event.type);
            it.step();
        }
        return { types, final: await stream.finalResponse() };
    };

    const response = await both(respond);
    is(response.ours, response.bare, 'a response in a stream');
    ok(response.marks[0], 'which says to programs what it is');
    const plainly = await both((it) => client(it).responses.create({ model: 'chat', input: 'Hej' }));
    is(without(plainly.ours), without(plainly.bare), 'a response');
    is(plainly.ours.ai_disclosure, plainly.marks[0], 'which says what it is');

    // errors, and trying again

    for (const status of [400, 401, 404, 429, 500, 503]) {
        const { bare, ours } = await both((it) =>
            client(it).chat.completions.create({ model: `status-${status}`, messages: FIRST }));

        is(ours, bare, `${status}: the same error`);
        is(ours.error?.status, status, `${status}: of that status`);
        is(ours.error?.code, 'no_such_thing', `${status}: with the machine's own words`);
    }

    const again = await both((it) => client(it, { maxRetries: 2 }).chat.completions.create({
        model: 'status-429-retry', messages: FIRST,
    }));
    is(without(again.ours), without(again.bare), 'it tries again after 429');
    is(again.raw.length, 2, 'once');

    // two at a time

    const two = await both(async (it) => {
        const all = await Promise.all([1, 2].map(async (n) => {
            const mine = { ...it, gate: `${it.gate}` };
            return await chunks(mine, { model: 'chat', user: String(n) })();
        }));
        return all.map((a) => a.text);
    });
    is(two.ours, two.bare.map((text) => `${two.notice}\n\n${text}`), 'two streams at once');
});
