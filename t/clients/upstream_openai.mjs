// What a machine with OpenAI's interface answers: chat completions and responses, whole and in pieces.

import { BREAK } from './upstream.mjs';

const USAGE = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
const ARGUMENTS = ['{"pla', 'ce":"Malm', 'ö"}'];
const call = (text, index) => ({
    ...(index === undefined ? {} : { index }), id: 'call_1', type: 'function', function: { name: 'weather', arguments: text },
});

// What the machine says, in pieces, and calls.
const says = (body) => ({
    tools: { calls: true },
    'text-tools': { text: ['Jag ', 'ser efter.'], calls: true },
    json: { text: ['{"answer"', ':"Hej \\"du\\""', '}'] },
    refuses: { refusal: ['Det ', 'kan jag inte.'] },
    thinks: { thought: ['Hm, ', 'hm.'], text: ['Hej', ' där'] },
})[body.model] ?? { text: ['Hej', ' där', ', hur är det?'] };

const frame = (data) => `data: ${JSON.stringify(data)}\n\n`;

const chunk = (body, delta, finish = null) => ({
    id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1700000000, model: body.model,
    system_fingerprint: 'fp_1', choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(body.stream_options?.include_usage ? { usage: null } : {}),
});

const chat = (body) => {
    const { text, calls, refusal, thought } = says(body);
    const out = [chunk(body, { role: 'assistant', content: text ? '' : null, refusal: null })];

    out.push(...(thought ?? []).map((t) => chunk(body, { reasoning_content: t })));
    out.push(...(text ?? []).map((t) => chunk(body, { content: t })));
    out.push(...(refusal ?? []).map((t) => chunk(body, { refusal: t })));

    if (calls) {
        out.push(chunk(body, { tool_calls: [call('', 0)] }));
        out.push(...ARGUMENTS.map((t) => chunk(body, { tool_calls: [{ index: 0, function: { arguments: t } }] })));
    }

    out.push(chunk(body, {}, calls ? 'tool_calls' : 'stop'));

    if (body.stream_options?.include_usage) {
        out.push({ ...chunk(body, {}), choices: [], usage: USAGE });
    }

    return out.map(frame);
};

const response = (body, status, output) => ({
    id: 'resp_1', object: 'response', created_at: 1700000000, status, model: body.model, output, error: null,
    incomplete_details: null, instructions: null, metadata: {}, parallel_tool_calls: true, temperature: 1,
    tool_choice: 'auto', tools: [], top_p: 1,
});

const responses = (body) => {
    const { text } = says(body);
    const part = (t) => ({ type: 'output_text', text: t, annotations: [] });
    const item = (status, content) => ({ id: 'msg_1', type: 'message', role: 'assistant', status, content });
    const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
    const whole = item('completed', [part(text.join(''))]);

    return [
        { type: 'response.created', response: response(body, 'in_progress', []) },
        { type: 'response.output_item.added', output_index: 0, item: item('in_progress', []) },
        { type: 'response.content_part.added', ...at, part: part('') },
        ...text.map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] })),
        { type: 'response.output_text.done', ...at, text: text.join(''), logprobs: [] },
        { type: 'response.content_part.done', ...at, part: part(text.join('')) },
        { type: 'response.output_item.done', output_index: 0, item: whole },
        { type: 'response.completed', response: response(body, 'completed', [whole]) },
    ].map((e, i) => `event: ${e.type}\ndata: ${JSON.stringify({ ...e, sequence_number: i })}\n\n`);
};

export const pieces = (path, body) => {
    if (path.endsWith('/responses')) {
        return responses(body);
    }

    const all = chat(body);

    switch (body.model) {
    case 'breaks':
        return [...all.slice(0, 3), BREAK];
    case 'breaks-at-once':
        return [all[0], BREAK];
    case 'fails':
        return [...all.slice(0, 3), frame({ error: { message: 'Too much', type: 'server_error', code: 'overloaded' } })];
    default:
        return [...all, 'data: [DONE]\n\n'];
    }
};

export const whole = (path, body) => {
    const { text, calls, refusal } = says(body);

    if (path.endsWith('/responses')) {
        return response(body, 'completed', [{
            id: 'msg_1', type: 'message', role: 'assistant', status: 'completed',
            content: [{ type: 'output_text', text: text.join(''), annotations: [] }],
        }]);
    }

    return {
        id: 'chatcmpl-1', object: 'chat.completion', created: 1700000000, model: body.model, system_fingerprint: 'fp_1',
        choices: [{
            index: 0, logprobs: null, finish_reason: calls ? 'tool_calls' : 'stop',
            message: {
                role: 'assistant', content: text?.join('') ?? null, refusal: refusal?.join('') ?? null,
                ...(calls ? { tool_calls: [call(ARGUMENTS.join(''))] } : {}),
            },
        }],
        usage: USAGE,
    };
};

export const fault = (status) => ({
    error: { message: `It is ${status}`, type: 'invalid_request_error', param: 'messages', code: 'no_such_thing' },
});
