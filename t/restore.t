# What was masked in a request comes back in the answer to it: for her who sent it, where a person reads it, and nowhere else.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Client;

use IO::Compress::Gzip qw(gzip);

my $t = Consent::Test->new;
my $secret = '19811218-9876';
my $mask = '[personnummer 1]';

# Where masks come back, and where they stay: another request's, and those in what goes further.
my $md = "Nr $mask, inte [personnummer 7]. <https://x.example/?q=$mask> ![a](https://x.example/$mask)\n";
my $html = "<!doctype html><html lang=\"sv\"><head><title>a</title><!-- $mask --></head><body><p id=\"a\">Nr $mask, [personnummer 7].</p>"
    . "<a href=\"/s?q=$mask\" title=\"$mask\">b</a><script>var a = \"$mask\";</script></body></html>\n";
my $json = "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Nr $mask, [personnummer 7].\","
    . "\"tool_calls\":[{\"id\":\"1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\\\"$mask\\\"}\"}}]},"
    . "\"finish_reason\":\"stop\"}],\"url\":\"$mask\",\"$mask\":1}\n";

sub chunk {
    my ($delta) = @_;
    return '{"id":"c1","object":"chat.completion.chunk","created":7,"model":"m","choices":[{"index":0,"delta":{'
        . ($delta // '') . '},"finish_reason":' . (defined $delta ? 'null' : '"stop"') . '}]}';
}

my @words = ('Nr [per', 'sonnum', 'mer 1', '], inte [personnummer', ' 7].');
my @events = ((map { 'data: ' . chunk("\"content\":\"$_\"") . "\n\n" } @words), 'data: ' . chunk() . "\n\n", "data: [DONE]\n\n");
my @lines = map { "{\"message\":{\"role\":\"assistant\",\"content\":\"$_\"},\"done\":false}\n" } @words;

my %answers = (
    text  => ['text/plain; charset=utf-8', $md],
    md    => ['text/markdown', $md],
    html  => ['text/html; charset=utf-8', $html],
    xhtml => ['application/xhtml+xml', $html],
    json  => ['application/json', $json],
    plus  => ['application/problem+json', $json],
    js    => ['text/javascript', $md],
    css   => ['text/css', $md],
    csv   => ['text/csv', $md],
    xml   => ['application/xml', $md],
    latin => ['text/plain; charset=iso-8859-1', $md],
    odd   => ['text/plain; charset=utf-8; charset=utf-16', $md],
);

my $up = $t->upstream(sub {
    my ($q) = @_;
    my ($what, $how) = $q->uri =~ m{/(\w+)(?:\.(\w+))?(?:\?|$)};
    my @more = ('Cache-Control', 'public, max-age=60', 'CDN-Cache-Control', 'max-age=60', 'ETag', '"abc"', 'Last-Modified',
        'Sat, 01 Jan 2022 00:00:00 GMT', 'Accept-Ranges', 'bytes', 'Digest', 'sha-256=abc');

    $how //= '';

    return { headers => ['Content-Type', 'text/event-stream', 'X-Accel-Buffering', 'no'], chunked => 1, pieces => \@events,
        delay => $how eq 'slow' ? 0.3 : 0.02 } if $what eq 'sse';
    return { headers => ['Content-Type', 'application/x-ndjson'], chunked => 1, pieces => \@lines } if $what eq 'ndjson';

    my ($type, $body) = @{$answers{$what}};

    return { status => 206, headers => ['Content-Type', $type, 'Content-Range', 'bytes 0-9/99', @more], body => $body }
        if $how eq 'part';
    return { status => 304, headers => \@more } if $how eq 'same';
    return { headers => ['Content-Type', $type, 'Signature', 'a=:YQ==:', @more], body => $body } if $how eq 'signed';
    return { headers => ['Content-Type', $type, 'Content-Encoding', 'br', @more], body => $body } if $how eq 'br';
    return { headers => ['Content-Type', $type, @more], chunked => 1, pieces => [split //, $body] } if $how eq 'bytes';

    if ($how eq 'gzip') {
        gzip(\$body, \my $small);
        return { headers => ['Content-Type', $type, 'Content-Encoding', 'gzip', @more], body => $small };
    }

    return { headers => ['Content-Type', $type, @more], body => $body };
});

$t->keys;
$t->policy;
$t->write('html/file/page.txt', $md);

$t->run(<<'EOT');
    %%CONSENT%%
    proxy_http_version 1.1;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;
        consent_unknown pass;
        add_header Cache-Control public;
        error_page 418 = @fallback;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_restore on; }
        location /ai/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_restore on; consent_ai on; }
        location /end/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_restore on; consent_ai on; consent_contact end; }
        location /off/ { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /report/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent report; consent_restore on; }
        location /file/ { consent_restore on; types { text/plain txt; } }
        location /fails/ { proxy_pass http://127.0.0.1:%%PORT_3%%; consent_restore on; error_page 502 = /file/page.txt; }
        location /.privacy/ { consent_pages; }
    }
EOT

sub ask {
    my ($uri, %o) = @_;

    return ($o{by} // $t)->request('POST', $uri,
        json => { messages => [{ role => 'user', content => $o{says} // "Mitt nr är $secret." }] },
        map { exists $o{$_} ? ($_, $o{$_}) : () } qw(cookie headers port version));
}

# As the text says it but for the masks that come back.
sub back {
    my ($text, @places) = @_;
    my $n = 0;
    return $text =~ s/\Q$mask\E/(grep { $n == $_ } @places) + ($n++) * 0 ? $secret : $mask/ger;
}

my %places = (text => [0], md => [0], html => [1], xhtml => [1], json => [0], plus => [0]);

my $client = $t->connect;

for my $what (sort keys %answers) {
    my $r = ask("/$what");
    my $body = $answers{$what}[1];

    like($up->last->body, qr/Mitt nr .*? \[personnummer 1\]\./, "$what: the upstream gets a mask");
    unlike($up->last->raw, qr/9876/, 'and no value');

    if (!$places{$what}) {
        is($r->body, $body, 'masks stay');
        like($r->header('ETag'), qr/^"abc/, 'and so does the rest');
        next;
    }

    for (['plain', $r], ['by bytes', ask("/$what.bytes")], ['gzip', ask("/$what.gzip")], ['HTTP/2', ask("/$what", port => 2, version => 2)],
        ['kept alive', ask("/$what", by => $client)])
    {
        my ($how, $r) = @$_;

        is($r->status, 200, "$what, $how: answered");
        like($r->body, qr/Nr $secret,/, 'the value is back') or diag($r->body);
        is(scalar(() = $r->body =~ /9876/g), 1, 'once');
        like($r->body, qr/\[personnummer 7\]/, 'a mask that she did not get stays');
        is($r->body, back($body, @{$places{$what}}), 'all else is as it was') if $what !~ /html/;
        is_deeply([grep { !/^public$/ } $r->header('Cache-Control')], ['private, no-store'], 'nobody keeps it');
        is($r->header($_), undef, "no $_") for 'ETag', 'Last-Modified', 'Accept-Ranges', 'Digest', 'CDN-Cache-Control', 'Content-Encoding';
        is($r->header('Content-Length'), undef, 'nor a length');
    }
}

# streams
for my $path ('/', '/ai/') {
    for my $port (0, 2) {
        my @how = $port ? (port => 2, version => 2) : ();
        my $said = join '', map { /"content":"(.*?)"/ ? $1 : () } ask("${path}sse", @how)->body =~ /^data: (.*)\n/mg;

        like($said, qr/Nr $secret, inte \[personnummer 7\]\.$/, "$path: a mask that is split over events");
        is($said =~ /^Nr/ ? 'no' : 'yes', $path eq '/ai/' ? 'yes' : 'no', 'with what is said of it');

        $said = join '', map { /"content":"(.*?)"/ ? $1 : () } split /\n/, ask("${path}ndjson", @how)->body;
        like($said, qr/Nr $secret, inte \[personnummer 7\]\.$/, 'and over lines');
    }
}

# an event is not held back for the next one, but for what may be a mask
{
    my $slow = Consent::Test::Client->new($t->port(0));
    my $body = '{"messages":[{"role":"user","content":"' . $secret . '"}]}';

    $slow->send("POST /sse.slow HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
        . length($body) . "\r\n\r\n$body");
    my $in = '';
    until ($in =~ /Nr /) {
        $slow->fill or last;
        $in .= substr $slow->{in}, 0, length $slow->{in}, '';
    }
    like($in, qr/Nr /, 'the first event is there');
    unlike($in, qr/9876|DONE/, 'before the others are');
    $slow->rest;
}

# both in one answer
for my $path ('/ai/', '/end/') {
    for my $what (qw(text html json)) {
        for my $how ('', '.gzip', '.bytes') {
            my $r = ask("$path$what$how");
            like($r->body, qr/Nr $secret,/, "$path$what$how: the value is back");
            is(scalar(() = $r->body =~ /9876/g), 1, 'once');
            like($r->header('AI-Disclosure'), qr/^mode=/, 'and it says what it is');
            like($r->body, $what eq 'json' ? qr/"ai_disclosure"/ : $what eq 'html' ? qr/data-consent="notice"/ : qr/^.*AI/,
                'in its body too') if $path ne '/end/' || $what eq 'html';
        }
    }
}

# where it does not come back
is(ask('/off/json')->body, $json, 'off: masks stay');
is(ask('/off/json')->header('Content-Length'), length $json, 'with the length');
unlike(ask("/$_")->body, qr/9876/, "$_: masks stay") for qw(json.part json.signed html.br file/page.txt fails/json);
is(ask('/report/text')->body, $md, 'nothing was masked under report');
is(ask('/text', says => 'Hej')->body, $md, 'a request that had none');
like(ask('/text', says => 'Hej')->header('ETag'), qr/^"abc/, 'keeps its header');

my $two = ask('/text', says => "Mitt nr är $secret, hans 800101-1231.");
like($two->body, qr/^Nr $secret, inte \[personnummer 7\]/, 'two numbers: the first is the first');
is(ask('/text', says => 'Hans är 800101-1231.')->body =~ /^Nr 800101-1231,/, 1, 'each request has its own');

my $r = $t->request('HEAD', "/text?q=$secret");
is($r->header('Cache-Control'), 'private, no-store', 'HEAD says so too') or diag($r->header('Cache-Control'));
like($t->get("/text?q=$secret")->body, qr/^Nr $secret,/, 'a value in an argument comes back');
unlike($t->get('/text')->body, qr/9876/, 'and not to the next');

# parts and conditions
ask('/text', headers => ['Range', 'bytes=0-9', 'If-Range', '"abc"', 'If-None-Match', '"abc"', 'If-Modified-Since',
    'Sat, 01 Jan 2022 00:00:00 GMT']);
is($up->last->header($_), undef, "$_ is not asked for") for 'Range', 'If-Range', 'If-None-Match', 'If-Modified-Since', 'Accept-Encoding';
ask('/text', says => 'Hej', headers => ['Range', 'bytes=0-9']);
is($up->last->header('Range'), 'bytes=0-9', 'where there is nothing to bring back it is');
is(ask('/json.same')->status, 304, 'an answer without a body');

# what she shares
my $some = $t->decide(level => 'forms');
is(ask('/json', cookie => $some)->body, $json, 'where she shares it no mask means anything');
like($up->last->body, qr/9876/, 'and it has arrived');

# one connection
for (1 .. 3) {
    like(ask('/json', by => $client)->body, qr/Nr $secret,/, 'the connection goes on');
    is(ask('/text', by => $client, says => 'Hej')->body, $md, 'without what was said before');
    like(ask('/sse', by => $client)->body, qr/$secret.*DONE/s, 'behind a stream as well');
}
$client->close;

$t->quit;
unlike($t->$_, qr/9876/, "no value in the $_") for qw(error_log access_log);
my $store = join '', map { $t->read($_) } map { s{^\Q@{[$t->dir]}\E/}{}r } glob $t->path('store/*');
ok(length $store, 'the store is there');
ok(index($store, '9876') < 0 && index($store, '198112189876') < 0, 'and knows nothing of it');

done_testing;
