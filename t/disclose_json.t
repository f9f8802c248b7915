# A machine's JSON says so in a first member, and is otherwise byte for byte what it was; lengths stay right.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $LONG = '{"rows":[' . join(',', map { qq({"n":$_,"text":"some text that is the upstream's own"}) } 1 .. 20_000)
    . ']}';

my %BODY = (object => '{"answer":"ja"}', empty => '{}', array => '[1,2]', prefix => ")]}',\n{\"a\":1}",
    already => '{"a":1,"ai_disclosure":{"mode":"ai-modified"}}', bom => "\xef\xbb\xbf{\"a\":1}", long => $LONG);

my $up = $t->upstream(sub {
    my ($q) = @_;
    my ($what) = $q->uri =~ m{/ai/(\w+)} or return { body => 'x' };
    my @type = ('Content-Type', 'application/json');

    return { headers => [@type, 'Content-Digest', 'sha-256=:x:'], body => $BODY{object} } if $what eq 'digested';
    return { headers => [@type, 'Signature', 's=:x:'], body => $BODY{object} } if $what eq 'signed';
    return { headers => ['Content-Type', 'application/problem+json'], body => $BODY{object} } if $what eq 'problem';
    return { headers => [@type, 'Cache-Control', 'no-transform'], body => $BODY{object} } if $what eq 'notransform';
    return { headers => \@type, body => $BODY{object}, gzip => 1 } if $what eq 'gzip';
    return { headers => \@type, chunked => 1, pieces => [split //, $BODY{object}] } if $what eq 'chunked';
    return { headers => \@type, pieces => [split //, $BODY{object}], delay => 0.01 } if $what eq 'slow';
    return { headers => \@type, status => 206, body => $BODY{object} } if $what eq 'part';
    return { headers => \@type, status => 500, reason => 'Oops', body => $BODY{object} } if $what eq 'error';
    return { headers => \@type, status => 204, reason => 'No Content' } if $what eq 'none';
    return { headers => [@type, 'ETag', '"v1"'], body => $BODY{object} } if $what eq 'tagged';
    return { headers => \@type, length => length($LONG), body => substr $LONG, 0, 100_000 } if $what eq 'cut';
    return { headers => \@type, body => $BODY{$what} };
});

$t->keys;
$t->policy;
$t->write('html/static/a.json', $LONG);

$t->run(<<'EOT');
    %%CONSENT%%
    proxy_http_version 1.1;
    proxy_cache_path cache keys_zone=one:1m;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /people/ { proxy_pass http://127.0.0.1:%%PORT_1%%/ai/; }
        location /ai/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; }
        location /unbuffered/ { proxy_pass http://127.0.0.1:%%PORT_1%%/ai/; consent_ai on; proxy_buffering off; }
        location /zipped/ {
            proxy_pass http://127.0.0.1:%%PORT_1%%/ai/; consent_ai on;
            gzip on; gzip_types application/json; gzip_min_length 1;
        }
        location /cached/ { proxy_pass http://127.0.0.1:%%PORT_1%%/ai/; consent_ai on; proxy_cache one;
                            proxy_cache_valid 1h; proxy_ignore_headers Set-Cookie; add_header X-Cache $upstream_cache_status always; }
        location /static/ { types { application/json json; } consent_ai on; }
        location /.privacy/ { consent_pages; }
    }
EOT

# The member that was put in, and what is left without it.
sub split_member {
    my ($body) = @_;
    my ($member) = $body =~ s/\{\K("ai_disclosure":\{.*?\}\}),?//s ? $1 : return (undef, $body);
    return ($member, $body);
}

for my $what (qw(object empty bom long chunked slow gzip error)) {
    my $r = $t->get("/ai/$what");
    my ($member, $rest) = split_member($r->body);

    like($member, qr/"mode":"machine-generated","w3c":"ai-autonomous"/, "$what: the member is there");
    like($member, qr{"human":\{"url":"/\.privacy/human"}, "$what: and shows the way to a person");
    ok($rest eq ($BODY{$what} // $BODY{object}), "$what: all else is as it was");
    is($r->header('Content-Length'), length $r->body, "$what: Content-Length is kept, and right")
        unless $what =~ /chunked|gzip/;
    like($r->header('AI-Disclosure'), qr/^mode=machine-generated/, "$what: the header says it too");
}

is_deeply([sort keys %{$t->get('/ai/object')->json}], [qw(ai_disclosure answer)], 'it parses');
is_deeply([keys %{$t->get('/ai/empty')->json}], ['ai_disclosure'], 'also where it is alone');

for my $what (qw(array prefix already digested signed problem notransform part)) {
    my $r = $t->get("/ai/$what");
    is($r->body, $BODY{$what} // $BODY{object}, "$what: not a byte is changed");
    like($r->header('AI-Disclosure'), qr/^mode=machine-generated/, "$what: the header says it");
    is($r->header('Content-Length'), length $r->body, "$what: with its length");
}

is($t->get('/ai/digested')->header('Content-Digest'), 'sha-256=:x:', 'a digest that is still right is kept');
is($t->get('/ai/none')->body, '', 'no content');

my $r = $t->get('/people/object');
is($r->body, $BODY{object}, 'JSON that no machine made is left alone');
is($r->header('AI-Disclosure'), undef, 'and says nothing');
like($r->header('Link'), qr/rel="help"/, 'but shows the way to a person');

for my $uri ('/unbuffered/object', '/unbuffered/slow', '/unbuffered/long') {
    my ($member, $rest) = split_member($t->get($uri)->body);
    ok(defined $member && $rest eq ($uri =~ /long/ ? $LONG : $BODY{object}), "$uri");
}

$r = $t->get('/zipped/object', headers => ['Accept-Encoding' => 'gzip']);
is($r->header('Content-Encoding'), 'gzip', 'compression comes after us');
ok(defined((split_member($r->text))[0]), 'and has the member in it');

for my $version ('1.0', 2) {
    $r = $t->get('/ai/object', version => $version, $version eq 2 ? (port => 2) : ());
    is((split_member($r->body))[1], $BODY{object}, "HTTP/$version");
    is($r->header('Content-Length'), length $r->body, "HTTP/$version: the length");
}

for my $status (qw(MISS HIT HIT)) {
    $r = $t->get('/cached/long');
    is($r->header('X-Cache'), $status, "a cache: $status");
    ok((split_member($r->body))[1] eq $LONG && $r->body ne $LONG, "$status: what is kept is marked when it is sent");
    is($r->header('Content-Length'), length $r->body, "$status: with its length");
}

$r = $t->get('/static/a.json');
ok((split_member($r->body))[1] eq $LONG && $r->body ne $LONG, 'a file');
is($r->header('Content-Length'), length $r->body, 'a file: with its length');

$r = $t->get('/static/a.json', headers => ['Range' => 'bytes=0-9']);
is($r->status, 200, 'no part of it is sent without the member');

$r = $t->request('HEAD', '/ai/object');
is($r->header('Content-Length'), undef, 'HEAD promises no length that GET would not have');

$r = $t->get('/ai/tagged');
like(my $tag = $r->header('ETag'), qr/^"v1\.c/, 'the tag names our wording');
$t->get('/ai/tagged', headers => ['If-None-Match' => $tag]);
is($up->last->header('If-None-Match'), '"v1"', 'which is taken off on the way in');

$r = $t->get('/ai/cut');
ok(!$r->complete, 'an upstream that is cut off is not completed by us');

$t->quit;
my $log = $t->run_ctl('log', 'show', $t->path('store'), '--type', 'disclosure', '--json');
like($log, qr/"kind":"json".*"notice_first":false.*"outcome":"machine-readable"/,
    'the log says that programs were told, and nobody else');
like($log, qr/"kind":"json".*"outcome":"$_"/, "and when: $_")
    for 'format', 'already', 'headers only: signed', 'headers only: partial content', 'cut off';

done_testing;
