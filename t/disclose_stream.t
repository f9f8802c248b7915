# A chat's stream says that a machine speaks before the machine does, and stays a stream: each event arrives before the
# upstream sends the next.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Client;
use IO::Socket::INET;
use JSON::PP;

my $t = Consent::Test->new;

sub openai {
    my ($delta, $finish) = @_;
    return qq({"id":"c1","object":"chat.completion.chunk","created":7,"model":"m","choices":[{"index":0,)
        . qq("delta":{$delta},"finish_reason":) . ($finish // 'null') . '}]}';
}

my %STREAM = (
    openai => [map({ "data: $_\n\n" } openai('"role":"assistant","content":""'), openai('"content":"Hej"'),
        openai('"content":" där"'), openai('', '"stop"')), "data: [DONE]\n\n"],
    tools => [map({ "data: $_\n\n" } openai('"role":"assistant","content":null,"tool_calls":[{"index":0}]'),
        openai('', '"tool_calls"')), "data: [DONE]\n\n"],
    anthropic => [map { /"type":"(\w+)/; "event: $1\ndata: $_\n\n" } '{"type":"message_start","message":{"id":"m"}}',
        '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
        '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hej"}}',
        '{"type":"content_block_stop","index":0}', '{"type":"message_stop"}'],
    vercel => [map({ "data: $_\n\n" } '{"type":"start"}', '{"type":"text-start","id":"0"}',
        '{"type":"text-delta","id":"0","delta":"Hej"}', '{"type":"text-end","id":"0"}', '{"type":"finish"}'),
        "data: [DONE]\n\n"],
    ollama => [map { "$_\n" } '{"model":"m","message":{"role":"assistant","content":"Hej"},"done":false}',
        '{"model":"m","message":{"role":"assistant","content":""},"done":true}'],
    unknown => [map { "data: $_\n\n" } 'Hej', 'du'],
);

my $up = $t->upstream(sub {
    my ($q) = @_;
    my ($what) = $q->uri =~ m{/(\w+)(?:\?|$)};
    my @type = ('Content-Type', $what eq 'ollama' ? 'application/x-ndjson' : 'text/event-stream');
    push @type, 'X-Vercel-AI-UI-Message-Stream', 'v1' if $what eq 'vercel';

    return { headers => \@type, chunked => 1, pieces => [split //, join '', @{$STREAM{$what}}] };
});

$t->keys;

# what a chat is asked is no matter of this test
$t->policy(sub { delete @{$_->{carriers}}{qw(fields json text)} for @{$_[0]{categories}} });

$t->run(<<'EOT');
    %%CONSENT%%
    proxy_http_version 1.1;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        client_body_buffer_size 1k;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; }
        location /slow/ { proxy_pass http://127.0.0.1:%%PORT_2%%; proxy_buffering off; consent_ai on; }
        location /.privacy/ { consent_pages; }
    }
EOT

# What a client understands: of each event its data, parsed where it is JSON.
sub data {
    my ($body) = @_;
    return map { /^[\[{]/ && !/^\[DONE/ ? decode_json($_) : $_ } $body =~ /^(?:data: )?([^\n:]\S.*)\n/mg
        if $body =~ /^data: |^\{/m;
}

sub chat {
    my ($what, $body, @headers) = @_;
    return $t->request('POST', "/$what", body => $body // '{"messages":[{"role":"user","content":"Hej"}]}',
        headers => ['Content-Type' => 'application/json', @headers]);
}

my $r = chat('openai');
my @data = data($r->body);
my ($notice) = $data[0]{ai_disclosure}{notice};

is($r->header('Content-Length'), undef, 'a stream has no length');
like($r->header('AI-Disclosure'), qr/^mode=machine-generated/, 'its header says what it is');
is($data[0]{ai_disclosure}{mode}, 'machine-generated', 'OpenAI: the first chunk has the key');
is($data[1]{choices}[0]{delta}{content}, "$notice\n\n", 'the notice is a chunk of its own');
is($data[1]{id}, 'c1', 'of the same answer');
is(join('', map { ref ? $_->{choices}[0]{delta}{content} // '' : '' } @data), "$notice\n\nHej där",
    'and what is read first');
is(scalar(grep { ref && $_->{ai_disclosure} } @data), 1, 'one chunk has the key');
is($data[-1], '[DONE]', 'the end is the end');

(my $rest = $r->body) =~ s/"ai_disclosure":\{.*?\}\},//;
$rest =~ s/^data: .*?\\n\\n"\},"logprobs.*\n\n//m;
utf8::decode($rest);
is($rest, join('', @{$STREAM{openai}}), 'all else is as it was');

@data = data(chat('tools')->body);
is(@data, 3, 'a call of a tool: no words for people');
ok($data[0]{ai_disclosure}, 'but the key');

@data = data(chat('anthropic')->body =~ s/^event: .*\n//mgr);
is_deeply([map { $_->{type} } @data], [qw(message_start content_block_start content_block_delta content_block_delta
    content_block_stop message_stop)], 'Anthropic: events in order');
ok($data[0]{ai_disclosure}, 'the first has the key');
is($data[2]{delta}{text}, "$notice\n\n", 'the notice, then the words of the machine');

@data = data(chat('vercel')->body);
is_deeply([map { ref ? $_->{type} : $_ } @data], [qw(start data-ai-disclosure text-start text-delta text-end text-start
    text-delta text-end finish [DONE])], 'Vercel: parts in order');

@data = data(chat('ollama')->body);
is(@data, 3, 'Ollama: a line more');
is($data[0]{message}{content}, "$notice\n\n", 'which is the notice');
ok($data[0]{ai_disclosure}, 'and has the key');

is(chat('unknown')->body, join('', @{$STREAM{unknown}}), 'an unknown dialect passes');

# the visible notice is for the first turn, and for people
for (['a later turn', '{"messages":[{"role":"user"},{"role":"assistant","content":"x"},{"role":"user"}]}'],
    ['a later turn in a file', '{"messages":[{"role":"user","content":"' . 'x' x 20_000 . '"},{"role":"assistant"}]}'],
    ['JSON mode', '{"messages":[],"response_format":{"type":"json_object"}}'])
{
    my ($what, $body) = @$_;
    @data = data(chat('openai', $body)->body);
    is(scalar @data, 5, "$what: no words for people");
    ok($data[0]{ai_disclosure}, "$what: but the key");
}

@data = data(chat('openai', undef, 'Accept-Language' => 'fi')->body);
like($data[1]{choices}[0]{delta}{content}, qr/^Tekoäly/, 'the notice speaks the language that is asked for');

# each event comes before the next is sent, as it was but for what was put in: the next is sent when it has come
my $machine = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', LocalPort => $t->port(2), ReuseAddr => 1)
    or die "listen: $!\n";

for my $what (qw(openai anthropic vercel ollama unknown)) {
    my $client = Consent::Test::Client->new($t->port(0));
    my $sent = @{$STREAM{$what}};
    my $came = 0;

    $client->send("GET /slow/$what HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    my $answer = $machine->accept;
    my $in = '';
    sysread $answer, $in, 65536, length $in or die "no request\n" until $in =~ /\r\n\r\n/;

    syswrite $answer, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "
        . ($what eq 'ollama' ? 'application/x-ndjson' : 'text/event-stream')
        . ($what eq 'vercel' ? "\r\nX-Vercel-AI-UI-Message-Stream: v1" : '') . "\r\n\r\n";
    $in = '';

    for my $i (0 .. $sent - 1) {
        my $event = $STREAM{$what}[$i];
        utf8::encode($event);
        syswrite $answer, $event;

        until (count($in, $STREAM{$what}, $i)) {
            $client->fill or last;
            $in .= substr $client->{in}, 0, length $client->{in}, '';
        }

        last if !count($in, $STREAM{$what}, $i);
        $came++;
    }

    close $answer;
    $client->rest;
    is($came, $sent, "$what: no event is held back for the next");
}

# All events up to number i are there, in order, but for what was put in behind their first bracket.
sub count {
    my ($in, $events, $i) = @_;
    my $at = 0;

    for (@$events[0 .. $i]) {
        my ($tail) = /\{(.*)/s ? $1 : $_;
        utf8::encode($tail);
        $at = index $in, $tail, $at;
        return 0 if $at < 0;
        $at += length $tail;
    }

    return 1;
}

$t->quit;
my $log = $t->run_ctl('log', 'show', $t->path('store'), '--type', 'disclosure', '--json');
like($log, qr/"kind":"sse".*"notice_first":true.*"outcome":"sent"/, 'the log says that the notice came first');
like($log, qr/"kind":"sse".*"notice_first":false.*"outcome":"$_"/, "and what had less: $_")
    for 'machine-readable', 'dialect';
like($log, qr/"kind":"ndjson".*"notice_first":true.*"outcome":"sent"/, 'also of lines');

done_testing;
