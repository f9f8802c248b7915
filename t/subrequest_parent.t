# What a subrequest may not see is taken from it, and not from its parent, which has
# a location of its own and is sent on after it.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });
my $login = $t->upstream({ body => '' }, port => 2);

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / {
            consent off;
            auth_request /login;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location = /login {
            internal;
            proxy_set_header X-Original $request_uri;
            proxy_set_header X-Line $request;
            proxy_pass http://127.0.0.1:%%PORT_2%%;
        }

        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';

for my $n (0, 5, 18, 40) {
    my @many = map { ("X-Many-$_", $_) } 1 .. $n;

    $t->get("/x?pnr=$secret&q=1", cookie => ['a=1', "pnr=$secret; b=2", "pnr=$secret"],
        headers => ['X-Personnummer', $secret, @many, 'Referer', "/x?pnr=$secret&y=1", 'X-Personnummer', $secret, 'X-Last', 1]);

    my $r = $login->last;
    unlike($r->raw, qr/$secret/, "the subrequest gets less, with $n more headers");
    is(join(' | ', $r->header('Cookie')), 'a=1 | b=2', 'the other cookies');
    is($r->header('Referer'), '/x?y=1', 'Referer');
    is($r->header('X-Original'), '/x?q=1', 'the URI');
    is($r->header('X-Line'), 'GET /x?q=1 HTTP/1.1', 'the line');
    is($r->header('X-Last'), 1, 'and all the rest');

    $r = $up->last;
    is($r->uri, "/x?pnr=$secret&q=1", 'its parent is as it came: URI');
    is(join(' | ', $r->header('Cookie')), "a=1 | pnr=$secret; b=2 | pnr=$secret", 'cookies');
    is(join(' ', $r->header('X-Personnummer')), "$secret $secret", 'headers');
    is($r->header('Referer'), "/x?pnr=$secret&y=1", 'Referer');
    is($r->header('X-Last'), 1, 'and the last one');
}

done_testing();
