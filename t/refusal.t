# What consent_require says: to a person the choice page, with what is needed
# and why, and a way to a human being; to a program a problem document. Each
# with a code, and the way back.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
my $up = $t->upstream({ body => 'hello' });

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        error_page 403 /operators-own;

        location / {
            consent on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /forms/ {
            consent on;
            consent_require forms;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

my $c = Consent::Test::Citizen->new($t);
my $r = $c->get('/forms/new?page=2');

is($r->status, 403, 'refused');
is($r->header('Content-Type'), 'text/html; charset=utf-8', 'with a page');
is($r->header('Cache-Control'), 'no-store', 'of hers alone');
like($r->text, qr{För den här tjänsten behöver vi:.*Personnummer}s, 'what is needed');
like($r->text, qr{För att fylla i blanketter åt dig}, 'and why');
like($r->body, qr{tel:}, 'a person');
ok({ $c->form($r) }->{token}, 'and the form itself');
is({ $c->form($r) }->{back}, '/forms/new?page=2', 'the way back');
like($r->body, qr{<form method="post"[^>]* action="/\.privacy/"}, 'which is sent to where it belongs');
is(scalar $up->requests, 0, 'nothing went on');

my %form = $c->form($r);
$r = $c->post('/.privacy/', [%form, level => 'forms', scope => 'session', ai => 'any']);
is($r->status, 303, 'she chooses there');
is($c->get('/forms/new?page=2')->body, 'hello', 'and is let in');

# programs

$r = $t->get('/forms/new', headers => ['Accept', 'application/json']);
is($r->status, 403, 'a program');
is($r->header('Content-Type'), 'application/problem+json', 'gets a problem');
my $p = $r->json;
like($p->{type}, qr{problems/consent-required$}, 'of a type');
is($p->{status}, 403, 'with its status');
is($p->{level}, 'forms', 'the level');
is_deeply([map { $_->{id} } @{$p->{categories}}], ['contact', 'identity'], 'the data');
is($p->{choice}, '/.privacy/', 'where to choose') or diag $r->body;
ok($p->{human}, 'who to ask');
like($p->{code}, qr/^[0-9a-f]{8}$/, 'and a code');

for my $accept (undef, '*/*', 'application/json, text/html;q=0.5', 'text/html;q=0', 'image/png',
    'application/vnd.api+json')
{
    is($t->get('/forms/', headers => [defined $accept ? (Accept => $accept) : ()])
        ->header('Content-Type'), 'application/problem+json', $accept // 'nothing accepted');
}

for my $accept ('text/html', 'TEXT/HTML;level=1', 'application/json;q=0.9, text/html',
    'application/xhtml+xml', 'text/html;q=0.3, */*;q=0.1')
{
    is($t->get('/forms/', headers => [Accept => $accept])
        ->header('Content-Type'), 'text/html; charset=utf-8', $accept);
}

# every method, and a body that is not read

$r = $t->request('POST', '/forms/', body => 'x' x 100_000, headers => ['Accept', 'text/html']);
is($r->status, 403, 'POST');
unlike($r->body, qr/name="back"/, 'has no way back');
is($t->request('HEAD', '/forms/')->body, '', 'HEAD has no body');
is($t->request('POST', '/forms/', body => 'x' x 300_000, port => 2, version => 2)->status, 403,
    'HTTP/2');

# on one connection, one after another

my $k = $t->connect;
is($k->request('POST', '/forms/', body => 'abc')->status, 403, 'a refusal');
is($k->request('GET', '/')->body, 'hello', 'leaves the connection in order');

done_testing();
