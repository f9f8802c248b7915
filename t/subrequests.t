# Subrequests: mirror, auth_request, SSI and slices see the request that has become
# less; what a subrequest may not see is taken from it and not from its parent.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream(sub {
    my ($r) = @_;

    return { headers => ['Content-Type', 'text/html'], body => 'A<!--# include virtual="/part?x=1" -->B' }
        if $r->uri =~ m{^/ssi};
    return { body => 'part' };
});

my $other = $t->upstream({ body => '' }, port => 2);

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }

        location /mirrored/ {
            mirror /mirror;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /checked/ {
            auth_request /auth;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /ssi/ { ssi on; proxy_pass http://127.0.0.1:%%PORT_1%%; }

        # the parent's location passes everything, its subrequests' do not
        location /off/ {
            consent off;
            mirror /mirror;
            auth_request /auth;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location = /mirror { internal; proxy_pass http://127.0.0.1:%%PORT_2%%$request_uri; }
        location = /auth {
            internal;
            proxy_set_header X-Original $request_uri;
            proxy_set_header X-Line $request;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_pass http://127.0.0.1:%%PORT_2%%;
        }

        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';
my @with = (cookie => ['a=1', "pnr=$secret; b=2"], headers => [(map { ("X-Many-$_", $_) } 1 .. 25), 'X-Personnummer', $secret,
    'Referer', "/x?pnr=$secret&y=1", 'X-Last', 1]);

$t->get("/mirrored/?pnr=$secret&q=1", @with);
$t->wait_for(sub { $other->requests >= 1 });
is($other->last->uri, '/mirrored/?q=1', 'a mirror gets the URI without it');
is(join(' | ', $other->last->header('Cookie')), 'a=1 | b=2', 'the cookies');
is($other->last->header('Consent-Level'), 'needed', 'and is told what is in force');

$t->get("/checked/?pnr=$secret&q=1", @with);
is($other->last->header('X-Original'), '/checked/?q=1', 'so does auth_request');
is($other->last->header('X-Line'), 'GET /checked/?q=1 HTTP/1.1', 'with its line');

is($t->get("/ssi/?pnr=$secret", @with)->body, 'ApartB', 'a page is put together');
is($up->last->uri, '/part?x=1', 'with arguments of its own');

unlike($_->raw, qr/$secret/, 'nothing arrived in ' . $_->uri) for $up->requests, $other->requests;

# off above, on below

$up->clear;
$other->clear;

$t->get("/off/?pnr=$secret&q=1", @with);
$t->wait_for(sub { $other->requests >= 2 });

for my $r ($other->requests) {
    unlike($r->raw, qr/$secret/, $r->uri . ' gets less');
    is($r->header('X-Last'), 1, 'and all the rest');
    is(join(' | ', $r->header('Cookie')), 'a=1 | b=2', 'cookies');
    is($r->header('Referer'), '/x?y=1', 'Referer');
}

my $got = $up->last;
is($got->uri, "/off/?pnr=$secret&q=1", 'the parent passes as it came');
is(join(' | ', $got->header('Cookie')), "a=1 | pnr=$secret; b=2", 'cookies');
is($got->header('X-Personnummer'), $secret, 'header');
is($got->header('Referer'), "/x?pnr=$secret&y=1", 'Referer');

done_testing();
