# A protected value in the path cannot be taken out: the request is refused, its log
# line tells nothing, and where it is granted it passes.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    log_format all '$request|$request_uri|$uri|$status';
    access_log %%DIR%%/lines.log all;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location ~ ^/PERSON/ { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /report/ { consent report; rewrite ^/report(.*)$ $1 break; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';

for my $path ("/person/$secret", "/Person/$secret", "/%70erson/$secret", "//person/$secret", "/x/../person/$secret",
    "/person/$secret?q=1", "/sok;pnr=$secret", "/sok;v=1;PNR=$secret/x", "/sok%3Fpnr=$secret", "/sok%3Bpnr%3D$secret")
{
    my $r = $t->get($path, headers => ['Accept', 'application/json']);

    is($r->status, 403, "$path is refused");
    is($r->header('Content-Type'), 'application/problem+json', 'with a problem document');
    like($r->json->{code}, qr/^[0-9a-f]{8}$/, 'that has a code');
    unlike($r->raw, qr/$secret/, 'and not the value');
}

like($t->get("/person/$secret", headers => ['Accept', 'text/html'])->header('Content-Type'), qr{^text/html},
    'a person gets a page');

is(scalar $up->requests, 0, 'nothing arrived');

for my $path ('/person', '/personal/1', '/sok;v=1/x', '/sok%3Fq=1') {
    is($t->get($path)->status, 200, "$path passes");
}

my $cookie = $t->decide(level => 'forms');
is($t->get("/person/$secret", cookie => $cookie)->status, 200, 'granted, it passes');
is($up->last->uri, "/person/$secret", 'as it is');

$t->quit;
my @lines = grep { !/\|200$/ } split /\n/, $t->read('lines.log');
is(scalar(grep { /$secret/ } @lines), 0, 'the log of refused requests does not have it');
is($lines[0], 'GET / HTTP/1.1|/|/|403', 'but that they were');

done_testing();
