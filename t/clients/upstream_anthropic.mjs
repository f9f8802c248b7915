// What a machine with Anthropic's interface answers: messages, whole and in pieces.

import { BREAK } from './upstream.mjs';

const ARGUMENTS = ['{"pla', 'ce":"Malm', 'ö"}'];

// What the machine says, in blocks: each what it begins as, the pieces that follow, and what it is in the end.
const text = (...pieces) => ({
    begin: { type: 'text', text: '' },
    pieces: pieces.map((t) => ({ type: 'text_delta', text: t })),
    whole: { type: 'text', text: pieces.join('') },
});

const TOOL = {
    begin: { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} },
    pieces: ['', ...ARGUMENTS].map((t) => ({ type: 'input_json_delta', partial_json: t })),
    whole: { type: 'tool_use', id: 'toolu_1', name: 'weather', input: JSON.parse(ARGUMENTS.join('')) },
};

const THOUGHT = {
    begin: { type: 'thinking', thinking: '', signature: '' },
    pieces: [{ type: 'thinking_delta', thinking: 'Hm, ' }, { type: 'thinking_delta', thinking: 'hm.' },
        { type: 'signature_delta', signature: 'c2ln' }],
    whole: { type: 'thinking', thinking: 'Hm, hm.', signature: 'c2ln' },
};

const says = (body) => ({
    tools: [TOOL],
    'text-tools': [text('Jag ', 'ser efter.'), TOOL],
    thinks: [THOUGHT, text('Hej', ' där')],
    json: [text('{"answer"', ':"Hej \\"du\\""', '}')],
})[body.model] ?? [text('Hej', ' där', ', hur är det?')];

const stop = (body) => (/tools$/.test(body.model) ? 'tool_use' : 'end_turn');

const message = (body, content, reason, output) => ({
    id: 'msg_1', type: 'message', role: 'assistant', model: body.model, content, stop_reason: reason, stop_sequence: null,
    usage: { input_tokens: 7, output_tokens: output },
});

const frame = (data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

export const pieces = (path, body) => {
    const all = [
        { type: 'message_start', message: message(body, [], null, 1) },
        ...says(body).flatMap((block, index) => [
            { type: 'content_block_start', index, content_block: block.begin },
            ...(index === 0 ? [{ type: 'ping' }] : []),
            ...block.pieces.map((delta) => ({ type: 'content_block_delta', index, delta })),
            { type: 'content_block_stop', index },
        ]),
        { type: 'message_delta', delta: { stop_reason: stop(body), stop_sequence: null }, usage: { output_tokens: 3 } },
        { type: 'message_stop' },
    ].map(frame);

    switch (body.model) {
    case 'breaks':
        return [...all.slice(0, 4), BREAK];
    case 'fails':
        return [...all.slice(0, 4), frame({ type: 'error', error: { type: 'overloaded_error', message: 'Too much' } })];
    default:
        return all;
    }
};

export const whole = (path, body) => message(body, says(body).map((block) => block.whole), stop(body), 3);

export const fault = (status) => ({
    type: 'error', error: { type: 'invalid_request_error', message: `It is ${status}` }, request_id: 'req_1',
});
