# consent_ai auto believes what an upstream says of itself, and completes it: in the header, in the page, to people. Where it
# says nothing, nothing is said. That no machine wrote something counts only from one that is trusted.

use lib 't/lib';
use Consent::Test;
use JSON::PP;

my $t = Consent::Test->new;

my $PAGE = '<!doctype html><html lang="sv"><head><title>x</title>%s</head><body><p>hej</body></html>';

sub meta { return sprintf $PAGE, join '', map { qq(<meta name="ai-disclosure" content="$_">) } @_ }

sub chunk {
    my ($delta, $more) = @_;
    return 'data: {' . ($more // '') . qq("id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,)
        . qq("delta":{$delta},"finish_reason":null}]}\n\n);
}

my @SAYS = ('AI-Disclosure', 'mode=ai-originated, model="theirs"');
my $XMP = 'x' x 100 . 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia' . 'x' x 100;

my %ANSWER = (
    silent => { headers => ['Content-Type', 'text/html'], body => meta() },
    header => { headers => ['Content-Type', 'text/html', @SAYS], body => meta() },
    old => { headers => ['Content-Type', 'text/html', 'X-AI-Generated', 'true'], body => meta() },
    broken => { headers => ['Content-Type', 'text/html', 'AI-Disclosure', 'mode=machine-generated,,'], body => meta() },
    none => { headers => ['Content-Type', 'text/html', 'AI-Disclosure', 'mode=none'], body => meta() },
    both => { headers => ['Content-Type', 'text/html', 'AI-Disclosure', 'mode=none', 'AI-Disclosure', 'mode=ai-modified'],
        body => meta() },
    meta => { headers => ['Content-Type', 'text/html'], body => meta('ai-autonomous') },
    assisted => { headers => ['Content-Type', 'text/html'], body => meta('ai-assisted', 'ai-autonomous') },
    human => { headers => ['Content-Type', 'text/html'], body => meta('human-only') },
    word => { headers => ['Content-Type', 'text/html'], body => meta('mixed') },
    json => { headers => ['Content-Type', 'application/json'], body => '{"a":1}' },
    jsonmark => { headers => ['Content-Type', 'application/json'],
        body => '{"a":1,"ai_disclosure":{"mode":"machine-generated"}}' },
    jsonnone => { headers => ['Content-Type', 'application/json'], body => '{"ai_disclosure": {"mode":"none"},"a":1}' },
    jsonheader => { headers => ['Content-Type', 'application/json', @SAYS], body => '{"a":1}' },
    text => { headers => ['Content-Type', 'text/plain; charset=utf-8', @SAYS], body => 'hej' },
    image => { headers => ['Content-Type', 'image/jpeg'], body => "\xff\xd8$XMP" },
    photo => { headers => ['Content-Type', 'image/jpeg'], body => "\xff\xd8" . 'x' x 300 },
    stream => { headers => ['Content-Type', 'text/event-stream', 'X-Accel-Buffering', 'no'], chunked => 1,
        pieces => [chunk('"role":"assistant"', '"ai_disclosure":{"mode":"machine-generated"},'), chunk('"content":"hej"')] },
    quiet => { headers => ['Content-Type', 'text/event-stream', 'X-Accel-Buffering', 'no'], chunked => 1,
        pieces => [chunk('"role":"assistant"'), chunk('"content":"hej"')] },
    denied => { headers => ['Content-Type', 'text/event-stream', 'X-Accel-Buffering', 'no'], chunked => 1,
        pieces => [chunk('"role":"assistant"', '"ai_disclosure":{"mode":"none"},'), chunk('"content":"hej"')] },
    taken => { headers => ['Content-Type', 'text/event-stream', 'X-Accel-Buffering', 'no'], chunked => 1,
        pieces => [chunk('"role":"assistant"'), chunk('"content":"hej"'),
            chunk('"content":"jag är Kim"', '"ai_disclosure":{"mode":"none"},'), chunk('"content":"igen"')] },
);

my $up = $t->upstream(sub {
    my ($q) = @_;
    my ($what) = $q->uri =~ m{/(\w+)$};
    my %a = %{$ANSWER{$what}};

    if ($q->uri =~ /pieces/ && defined $a{body}) {
        @a{qw(chunked pieces)} = (1, [split /(?<=>)/, delete $a{body}]);
    }
    return \%a;
});

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%
    proxy_http_version 1.1;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai auto; }
        location /pieces/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai auto; proxy_buffering off; }
        location /trusted/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai auto trust=on; }
        location /on/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; }
        location /ontrusted/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on trust=on; }
        location /.privacy/ { consent_pages; }
    }
EOT

sub says {
    my ($uri, $mode, $what) = @_;

    my $r = $t->get($uri);
    my @said = $r->header('AI-Disclosure');
    is(scalar @said, defined $mode ? 1 : 0, "$uri: $what: " . (defined $mode ? 'it says so once' : 'nothing is said'));
    like($said[0] // '', defined $mode ? qr/^mode=\Q$mode\E(,|$)/ : qr/^$/, "$uri: $what");
    is($r->header('X-AI-Generated'), defined $mode && $mode ne 'none' ? 'true' : undef, "$uri: and the older header");
    like(join(' ', $r->header('Link')), qr/rel="help"/, "$uri: the way to a person");
    is($r->header('Content-Length'), length $r->body, "$uri: a true length") if defined $r->header('Content-Length');
    return $r;
}

my $NOTICE = qr/<aside data-consent="notice"/;
my $CONTACT = qr/<nav data-consent="contact"/;
my $r;

# nothing said

for my $uri ('/silent', '/word', '/broken', '/pieces/silent', '/none', '/human', '/json', '/photo', '/quiet') {
    $r = says($uri, undef, 'no mark');
    unlike($r->text, $NOTICE, "$uri: no notice");
    unlike($r->text, qr/ai_disclosure|human-only/, "$uri: no claim") if $uri !~ /json/;
    like($r->text, $CONTACT, "$uri: the contact") if $r->header('Content-Type') =~ /html/;
}

is($t->get('/json')->body, '{"a":1}', 'JSON is as it was');
like($t->get('/word')->body, qr/content="mixed"/, 'a word that is no claim stands');

# the header says it

$r = says('/header', 'ai-originated', 'a header');
like($r->text, $NOTICE, 'people are told');
like($r->text, qr/<meta name="ai-disclosure" content="ai-assisted"/, 'and programs');
unlike($r->raw, qr/theirs/, 'in our words');
$r = says('/old', 'machine-generated', 'the older header');
like($r->text, $NOTICE, 'people are told');
says('/both', 'ai-modified', 'two that differ');
$r = says('/jsonheader', 'ai-originated', 'of JSON');
is($r->json->{ai_disclosure}{mode}, 'ai-originated', 'which gets the member');
like(says('/text', 'ai-originated', 'of text')->text, qr/^AI: .*\n\nhej$/s, 'which gets the line');

# the body says it

$r = says('/meta', 'machine-generated', 'a meta');
like($r->text, qr/$CONTACT.*$NOTICE.*hej/s, 'people are told, first');
is(scalar(() = $r->text =~ /<meta name="ai-disclosure"/g), 1, 'the meta stands');
like($r->text, qr/TrainedAlgorithmicMedia/, 'and programs');
$r = says('/assisted', 'ai-originated', 'the first of two metas');
is(scalar(() = $r->text =~ /name="ai-disclosure"/g), 1, 'counts');

$r = $t->get('/pieces/meta');
is($r->header('AI-Disclosure'), undef, 'a header that has gone says nothing');
like($r->text, $NOTICE, 'but people are told');

$r = says('/jsonmark', 'machine-generated', 'a member');
is($r->body, $ANSWER{jsonmark}{body}, 'stands');
says('/image', 'machine-generated', 'an image\'s own metadata');

my @data = map { decode_json($_) } $t->get('/stream')->body =~ /^data: (.*)\n/mg;
is(scalar @data, 3, 'a stream: a chunk more');
is_deeply([map { $_->{ai_disclosure} ? 1 : 0 } @data], [1, 0, 0], 'its own mark stands alone');
like($data[1]{choices}[0]{delta}{content}, qr/AI/, 'and people are told, first');

# that no machine wrote it

says('/trusted/none', 'none', 'one that is trusted');
unlike(says('/trusted/human', 'none', 'its page')->text, $NOTICE, 'no notice');
like($t->get('/trusted/human')->text, qr/content="human-only"/, 'its meta stands');
says('/trusted/jsonnone', 'none', 'its JSON');
is($t->get('/trusted/jsonnone')->body, $ANSWER{jsonnone}{body}, 'as it was');
$r = says('/jsonnone', undef, 'one that is not');
ok(!exists $r->json->{ai_disclosure}, 'is not believed');
is($r->json->{ai_unverified}{mode}, 'none', 'and known for it');

says('/on/none', 'machine-generated', 'against ours');
$r = says('/on/jsonnone', 'machine-generated', 'in JSON');
is($r->json->{ai_disclosure}{mode}, 'machine-generated', 'ours counts');
like(says('/on/human', 'machine-generated', 'in a page')->text, $NOTICE, 'ours counts');
unlike(says('/ontrusted/none', 'none', 'and trusted')->text, $NOTICE, 'theirs counts');
unlike(says('/ontrusted/human', 'none', 'in a page')->text, $NOTICE, 'theirs counts');
says('/ontrusted/jsonnone', 'none', 'in JSON');
like(says('/ontrusted/silent', 'machine-generated', 'and nothing said')->text, $NOTICE, 'ours stands');

# a clerk takes over

@data = map { decode_json($_) } $t->get('/ontrusted/taken')->body =~ /^data: (.*)\n/mg;
is_deeply([map { $_->{ai_disclosure} ? $_->{ai_disclosure}{mode} : () } @data], ['machine-generated', 'none', 'none'],
    'a stream that a person takes over says so from there on');
@data = map { decode_json($_) } $t->get('/on/denied')->body =~ /^data: (.*)\n/mg;
is_deeply([map { $_->{ai_disclosure} ? $_->{ai_disclosure}{mode} : () } @data], ['none', 'machine-generated'],
    'one that is not trusted is contradicted');

# HEAD, and what is kept

$r = $t->request('HEAD', '/header');
like($r->header('AI-Disclosure'), qr/ai-originated/, 'HEAD: the header says it');

$t->quit;
my $log = $t->run_ctl('log', 'show', $t->path('store'), '--type', 'disclosure', '--json');
like($log, qr/"kind":"html","mode":"ai-originated"/, 'the log has what a header says');
like($log, qr/"kind":"json","mode":"machine-generated".*?"outcome":"already"/, 'and what a body does');
is(scalar(() = $log =~ /"takeover":true/g), 1, 'and the person who took over');
unlike($log, qr{"service":"/pieces/".*"outcome":"no-place"}, 'of nothing that nothing is said of');
like($t->run_ctl('log', 'show', $t->path('store'), '--type', 'config', '--json'), qr/"ai":"auto".*"trust":true/,
    'the configuration too');

done_testing;
