# After three failed turns in one conversation the notice offers a person once more, until an answer comes through.

use lib 't/lib';
use Consent::Test;
use Digest::SHA ();
use Encode ();
use JSON::PP;

my $t = Consent::Test->new;

sub chunk { return qq(data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,)
    . qq("delta":{$_[0]},"finish_reason":null}]}\n\n) }

my $up = $t->upstream(sub {
    my ($q) = @_;
    my $how = $q->header('X-How') // '';
    my @type = ('Content-Type', 'application/json');

    return { status => 500, reason => 'x', headers => \@type, body => '{"error":1}' } if $how eq 'error';
    return { headers => [@type, 'AI-No-Answer', '?1'], body => '{"a":"vet inte"}' } if $how eq 'none';
    return { headers => [@type, 'AI-No-Answer', '?0'], body => '{"a":1}' } if $how eq 'zero';
    return if $how eq 'dead';
    return { headers => \@type, body => '{"a":1', length => 100, close => 1 } if $how eq 'cut';
    return { headers => ['Content-Type', 'text/event-stream', 'X-Accel-Buffering', 'no'], chunked => 1,
        pieces => [chunk('"role":"assistant"'), chunk('"content":"hej"')] } if $q->uri =~ /stream/;
    return { headers => ['Content-Type', 'text/plain; charset=utf-8'], body => 'hej' } if $q->uri =~ /text/;
    return { headers => \@type, body => '{"a":1}' };
});

$t->keys;
$t->policy(sub { delete @{$_->{carriers}}{qw(fields json text)} for @{$_[0]{categories}} });

$t->run(<<'EOT', workers => 2);
    %%CONSENT%%
    proxy_http_version 1.1;
    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_ai on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_conversation header=X-Conversation; }
        location /variable/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_conversation $arg_c; }
        location /uncounted/ { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $LATER = '{"messages":[{"role":"user"},{"role":"assistant","content":"x"},{"role":"user"}]}';

sub turn {
    my ($who, $how, $uri, %o) = @_;
    return $t->request('POST', $uri // '/', body => $LATER, headers => ['Content-Type', 'application/json',
        'X-Conversation', $who, 'X-How', $how // '', 'Accept', 'application/json'], %o);
}

sub offered {
    my ($r) = @_;
    my ($json) = $r->body =~ /^(?:data: )?(\{.*)$/m;
    return decode_json($json)->{ai_disclosure}{human}{offered} ? 1 : 0;
}

is(offered(turn('a', 'error')), 0, 'a failed turn');
is(offered(turn('a', 'none')), 0, 'a second');
is(offered(turn('b', 'none')), 0, 'another conversation is another');
my $r = turn('a', 'none');
is(offered($r), 1, 'with the third a person is offered');
like($r->json->{ai_disclosure}{notice}, qr/Få kontakt med en människa: \+46 8/, 'in words too');
is($r->json->{ai_disclosure}{human}{url}, '/.privacy/human', 'and where');
is($r->header('Content-Length'), length $r->body, 'the length is right');

$r = turn('a', '', '/stream');
is(offered($r), 1, 'from then on');
like($r->text, qr/"content":"[^"]*kontakt med en m.u00e4nniska: /, 'and said in a later turn');
is(offered(turn('a')), 0, 'until an answer came through');
unlike(turn("a", "", "/stream")->text, qr/u00e4nniska: /, 'then it is quiet again');

is(offered(turn('c', 'error')), 0, 'failures');
is(offered(turn('c', 'none')), 0, 'two of them');
is(offered(turn('c', 'zero')), 0, 'an answer between');
is(offered(turn('c', 'none')), 0, 'and it begins anew');

turn('d', 'dead') for 1 .. 2;
turn('d', 'cut');
is(offered(turn('d')), 1, 'an upstream that is down or breaks off has failed');

turn('e', 'dead') for 1 .. 3;
$r = turn('e', '', '/text');
like($r->text, qr/^AI GENERATED: .*Få kontakt med en människa: \+46.*\n\nhej$/s, 'text says it in a later turn');
is(turn('e', '', '/text')->text, 'hej', 'and is quiet again');

turn('x', 'none', '/variable/?c=1') for 1 .. 3;
is(offered(turn('y', '', '/variable/?c=1')), 1, 'a variable names it');
turn('', 'none') for 1 .. 4;
is(offered(turn('', 'none')), 0, 'without a name nothing is counted');
turn('z', 'none', '/uncounted/') for 1 .. 4;
is(offered(turn('z', 'none', '/uncounted/')), 0, 'nor where nothing says so');

my %hash;
$t->wait_for(sub {
    my $said = $t->run_ctl('log', 'export', $t->path('store'), $t->path('copy'));
    my $log = $t->run_ctl('log', 'show', $t->path('copy'), '--type', 'disclosure', '--json');
    %hash = map { $_ => 1 } $log =~ /"kind":"json".*?"notice_hash":"(\w+)"/g;
    return keys %hash == 2;
});
is(scalar keys %hash, 2, 'the log has the hash of the words that were shown');
my @texts = map { $t->read("copy/notice/$_") } sort keys %hash;
is_deeply([map { Digest::SHA::sha256_hex($_) } @texts], [sort keys %hash], 'and the words themselves');
is(scalar(grep { Encode::decode('UTF-8', $_) =~ /Få kontakt med en människa/ } @texts), 1, 'those that offer a person, and those that do not');

done_testing;
