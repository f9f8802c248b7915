# A body cannot be looked into: it passes where everything that bodies may carry is
# granted, and is refused where not; one without a byte passes.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_3%% http2;
        consent on;
        client_max_body_size 20m;
        consent_body_limit 100k;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /stream/ {
            proxy_request_buffering off;
            proxy_http_version 1.1;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
        location /off/ { consent off; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }

    # without pages of ours there is nothing to show but nginx's own answer
    server {
        listen 127.0.0.1:%%PORT_2%%;
        consent on;
        error_page 403 = @fallback;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location @fallback { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';
my @json = (headers => ['Accept', 'application/json']);

sub refused {
    my ($r, $name) = @_;

    is($r->status, 403, "$name is refused");
    is($r->header('Content-Type'), 'application/problem+json', 'with a problem document');
    like($r->json->{type}, qr/body/, 'that says why');
    unlike($r->raw, qr/$secret/, 'and nothing of what was sent');
    is(scalar $up->requests, 0, 'nothing arrived');
}

for my $path ('/', '/stream/') {
    refused($t->request('POST', $path, @json, form => ['pnr', $secret]), "a form to $path");
    refused($t->request('POST', $path, @json, json => { pnr => $secret }), 'JSON');
    refused($t->request('PUT', $path, @json, body => "x$secret"), 'any body');
    refused($t->request('GET', $path, @json, body => "x$secret"), 'a body with GET');
    refused($t->request('POST', $path, @json, chunked => ["pnr=$secret"]), 'a chunked body');
    refused($t->request('POST', $path, @json, body => 'x' x 50_000), 'one that does not fit into a buffer');
}

refused($t->request('POST', '/', headers => ['Accept', 'application/json', 'Expect', '100-continue'],
    body => "pnr=$secret"), 'a body that waits for 100');
refused($t->request('POST', '/', @json, port => 3, version => 2, body => "pnr=$secret"), 'a body over HTTP/2');

my $r = $t->request('POST', '/', headers => ['Accept', 'text/html'], form => ['pnr', $secret]);
is($r->status, 403, 'a browser is refused');
like($r->header('Content-Type'), qr{^text/html}, 'with a page');

is($t->request('POST', '/', port => 2, form => ['pnr', $secret])->status, 403, 'an error_page does not get it');
is(scalar $up->requests, 0, 'nothing arrived');

# empty

for my $o ([body => ''], [chunked => []], [headers => ['Content-Length', 0]], [port => 3, version => 2, body => '']) {
    is($t->request('POST', '/', @$o)->status, 200, "an empty body passes: @{$o}[0]");
    is($up->last->method, 'POST', 'as it is');
    is($up->last->body, '', 'without a byte');
}

# the connection goes on behind a refused body

my $c = $t->connect;
is($c->request('POST', '/', @json, body => "pnr=$secret")->status, 403, 'refused');
is($c->request('GET', '/')->status, 200, 'the next request on the connection is answered');

# granted

my $all = $t->decide(categories => ['contact', 'identity', 'location', 'health']);
$up->clear;

my $body = "pnr=$secret&x=" . 'y' x 60_000;

for my $path ('/', '/stream/') {
    is($t->request('POST', $path, cookie => $all, body => $body)->status, 200, "granted, it passes to $path");
    is($up->last->body, $body, 'byte for byte');
    is($t->request('POST', $path, cookie => $all, chunked => ['abc', 'def'])->status, 200, 'chunked too');
    is($up->last->body, 'abcdef', 'byte for byte');
}

is($t->request('POST', '/', cookie => $all, body => 'x' x 110_000)->status, 413, 'but not over the limit');

my $some = $t->decide(level => 'forms');
is($t->request('POST', '/', cookie => $some, @json, body => $body)->status, 403, 'some is not enough');

is($t->request('POST', '/off/', form => ['SAMLResponse', 'x' x 5000])->status, 200, 'where consent is off it passes');
is(length $up->last->body, 5013, 'all of it');

done_testing();
