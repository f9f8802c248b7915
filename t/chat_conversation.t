# A conversation that a client sends back holds the notice as a part of the answer: it is taken out on the way to the
# machine, wherever nginx keeps the body, and nothing else is changed.

use lib 't/lib';
use Consent::Test;
use JSON::PP;

my $t = Consent::Test->new;
my $CHUNK = '{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hej"},"finish_reason":null}]}';

my $up = $t->upstream({ headers => ['Content-Type', 'text/event-stream', 'X-Accel-Buffering', 'no'],
    body => "id: 7\ndata: $CHUNK\n\n" });

$t->keys;

# what a chat is asked is no matter of this test
$t->policy(sub { delete @{$_->{carriers}}{qw(fields json text)} for @{$_[0]{categories}} });

$t->run(<<'EOT');
    %%CONSENT%%
    client_max_body_size 2m;
    consent on;

    map $arg_ai $ai { default $arg_ai; }

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        proxy_http_version 1.1;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; }
        location /file { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; client_body_in_file_only clean; }
        location /small { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; client_body_buffer_size 1k; }
        location /variable { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai $ai; }
        location /unbuffered { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; proxy_request_buffering off; }
        location /report { proxy_pass http://127.0.0.1:%%PORT_1%%; consent report; consent_ai on; }
        location /people { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

# what a person is told, as a client has it

my $json = JSON::PP->new->utf8->canonical;
my $r = $t->request('POST', '/', json => { messages => [{ role => 'user', content => 'Hej' }] },
    headers => ['Accept-Language', 'sv']);
my ($told) = map { $_->{choices}[0]{delta}{content} } grep { !/^\[/ } map { decode_json($_) } $r->body =~ /^data: (.*)/mg;
like($told, qr/AI.*\n\n$/s, 'a person is told');
$up->clear;

sub conversation {
    my ($answer, $long) = @_;
    return '{"messages":[{"role":"user","content":"' . ('x' x ($long // 0)) . '"},{"role":"assistant","content":'
        . $json->allow_nonref->encode($answer) . '},{"role":"user","content":"Och?"}],"model":"m","stream":true}';
}

my $with = conversation("${told}Hej där");
my $without = conversation('Hej där');

sub sent {
    my ($what, $expected, $path, %o) = @_;

    my $r = $t->request('POST', $path, %o, headers => ['Content-Type', 'application/json', @{$o{headers} // []}]);
    my $in = $up->last ? $up->last->body : '';
    $up->clear;

    # spaces stand in for what is gone, and so its length is the same
    utf8::encode($expected) if utf8::is_utf8($expected);
    my $body = $o{body} // join '', @{$o{pieces} // $o{chunked}};
    utf8::encode($body) if utf8::is_utf8($body);
    is(length $in, length $body, "$what: as long as it was");
    is($in =~ s/(?<=:) +(?=")//r, $expected, "$what: " . ($expected eq $body ? 'as it was' : 'without our words'));

    return $r;
}

$r = sent('in one piece', $without, '/', body => $with);
like($r->body, qr/"ai_disclosure"/, 'the answer is marked');
is(() = $r->body =~ /^data: /mg, 1, 'and a later turn has no words');

sent('in many pieces', $without, '/', pieces => [$with =~ /(.{1,40})/gs], delay => 0.001);
sent('in chunks', $without, '/', chunked => [$with =~ /(.{1,100})/gs]);
sent('over HTTP/2', $without, '/', body => $with, port => 2, version => 2);
sent('in a file', $without, '/file', body => $with);
sent('in a file for its length', conversation('Hej där', 20_000), '/small', body => conversation("${told}Hej där", 20_000));
sent('in a file at last', conversation('Hej där', 200_000), '/', body => conversation("${told}Hej där", 200_000));
sent('where a variable says what it is', $without, '/variable?ai=on', body => $with);

# nothing else

sent('nothing of ours', $without, '/', body => $without);
sent('our words alone', conversation($told), '/', body => conversation($told));
sent('our words behind others', conversation("Hej $told."), '/', body => conversation("Hej $told."));
sent('no JSON', "messages=$told", '/', body => "messages=$told");
sent('where no AI answers', $with, '/people', body => $with);
sent('under report', $with, '/report', body => $with);
sent('what passes as it comes', conversation("${told}Hej", 30_000), '/unbuffered', chunked => [conversation("${told}Hej",
    30_000) =~ /(.{1,8000})/gs], delay => 0.001);
sent('what is longer than we read', conversation("${told}Hej", 300_000), '/', body => conversation("${told}Hej", 300_000));
sent('what is signed', $with, '/', body => $with, headers => ['Content-Digest', 'sha-256=:AAAA:']);

# a stream that goes on where it broke off has said it

$r = $t->get('/', headers => ['Accept-Language', 'sv']);
is(() = $r->body =~ /^data: /mg, 2, 'a stream from its beginning');
$r = $t->get('/', headers => ['Accept-Language', 'sv', 'Last-Event-ID', '7']);
is(() = $r->body =~ /^data: /mg, 1, 'goes on without words');
like($r->body, qr/"ai_disclosure"/, 'but with the key');

done_testing;
